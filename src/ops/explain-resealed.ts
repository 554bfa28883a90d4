import type { Resealed } from '../store/reseal.ts';

/** Says in words what came of encrypting anew, and what to do next. */
export function explainResealed(done: readonly Resealed[]): string {
  const counts = done.map(({ what, resealed }) => `Encrypted anew: ${count(resealed, what)}.`);
  const unreadable = done.filter((place) => place.unreadable.length > 0);
  if (unreadable.length === 0) return [...counts, 'The older of APP_SECRETS can go.'].join('\n');
  return [
    ...counts,
    ...unreadable.flatMap(({ what, unreadable: ids }) => [
      `None of APP_SECRETS opens ${count(ids.length, what)}:`,
      ...ids.map((id) => `  ${id}`),
    ]),
    'Put the secret that they were encrypted with behind the others, and run this again. If it is lost, connect these channels again.',
  ].join('\n');
}

function count(n: number, what: string): string {
  return n === 1 ? `1 ${what}` : `${n} ${what}s`;
}
