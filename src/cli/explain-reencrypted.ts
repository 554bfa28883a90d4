import type { ReencryptResult } from '../store/reencrypt.ts';

/** Says in words what came of encrypting anew, and what to do next. */
export function explainReencrypted(done: readonly ReencryptResult[]): string {
  const counts = done.map(({ what, reencrypted }) => `Encrypted anew: ${count(reencrypted, what)}.`);
  const undecryptable = done.filter((place) => place.undecryptable.length > 0);
  if (undecryptable.length === 0) return [...counts, 'The older of APP_SECRETS can go.'].join('\n');
  return [
    ...counts,
    ...undecryptable.flatMap(({ what, undecryptable: ids }) => [
      `None of APP_SECRETS opens ${count(ids.length, what)}:`,
      ...ids.map((id) => `  ${id}`),
    ]),
    'Put the secret that they were encrypted with behind the others, and run this again. If it is lost, connect these channels again.',
  ].join('\n');
}

function count(n: number, what: string): string {
  return n === 1 ? `1 ${what}` : `${n} ${what}s`;
}
