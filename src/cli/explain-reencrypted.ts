import type { ReencryptResult } from '../store/reencrypt.ts';

export function explainReencrypted(done: readonly ReencryptResult[]): string {
  const counts = done.map(({ what, reencrypted }) => `Re-encrypted: ${count(reencrypted, what)}.`);
  const undecryptable = done.filter((place) => place.undecryptable.length > 0);
  if (undecryptable.length === 0) return [...counts, 'The older APP_SECRETS can be removed.'].join('\n');
  return [
    ...counts,
    ...undecryptable.flatMap(({ what, undecryptable: ids }) => [
      `None of APP_SECRETS decrypts ${count(ids.length, what)}:`,
      ...ids.map((id) => `  ${id}`),
    ]),
    'Append the secret that encrypted them to APP_SECRETS and run this again. If it is lost, connect these channels again.',
  ].join('\n');
}

function count(n: number, what: string): string {
  return n === 1 ? `1 ${what}` : `${n} ${what}s`;
}
