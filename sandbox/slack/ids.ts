import { randomBytes } from 'node:crypto';

/** `crypto.randomBytes` unless a run must be repeatable. */
export type Random = (size: number) => Uint8Array;

const upper = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const mixed = `${upper}abcdefghijklmnopqrstuvwxyz`;

/** Shorter ones are ids that need not be secret. */
const minKeptLength = 16;

function letters(alphabet: string, size: number, random: Random): string {
  return Array.from(random(size), (byte) => alphabet[byte % alphabet.length]).join('');
}

export interface Ids {
  /** `B0A1B2C3D4E` */
  id(prefix: string): string;
  secret(size: number): string;
  /** The longer ones, in lower case: they must not appear in any log. */
  readonly secrets: ReadonlySet<string>;
  digits(size: number): string;
}

export function createIds(random: Random = randomBytes): Ids {
  const secrets = new Set<string>();
  return {
    secrets,
    id: (prefix) => prefix + letters(upper, 10, random),
    secret(size) {
      const secret = letters(mixed, size, random);
      if (size >= minKeptLength) secrets.add(secret.toLowerCase());
      return secret;
    },
    digits: (size) => letters('123456789', size, random),
  };
}
