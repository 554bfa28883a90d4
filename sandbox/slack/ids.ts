import { randomBytes } from 'node:crypto';

/** Bytes from somewhere; `crypto.randomBytes` unless a run must be repeatable. */
export type Random = (size: number) => Uint8Array;

const upper = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const mixed = `${upper}abcdefghijklmnopqrstuvwxyz`;

function letters(alphabet: string, size: number, random: Random): string {
  return Array.from(random(size), (byte) => alphabet[byte % alphabet.length]).join('');
}

/** Ids and secrets in the shapes that Slack gives them. */
export interface Ids {
  /** `B0A1B2C3D4E`: the prefix and ten capitals or digits. */
  id(prefix: string): string;
  /** `size` letters and digits. */
  secret(size: number): string;
  digits(size: number): string;
}

export function createIds(random: Random = randomBytes): Ids {
  return {
    id: (prefix) => prefix + letters(upper, 10, random),
    secret: (size) => letters(mixed, size, random),
    digits: (size) => letters('123456789', size, random),
  };
}
