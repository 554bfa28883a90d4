import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '../lib/errors.ts';

/** Has the form `v1.<key id>.<base64url of iv, ciphertext and tag>`. */
export type Encrypted = string;

export type Keyring = {
  /**
   * @param owner the document that the text belongs to, such as `channel T1:C1`: a copy in another one cannot be
   * decrypted
   */
  encrypt(plaintext: string, owner: string): Encrypted;
  /** @throws AppError `encrypted_with_unknown_key`, or `ciphertext_unreadable` if altered or of another owner */
  decrypt(encrypted: Encrypted, owner: string): string;
  /** @returns `undefined` if it already has the newest key @throws AppError as `decrypt` does */
  reencrypt(encrypted: Encrypted, owner: string): Encrypted | undefined;
};

export function isUndecryptable(error: unknown): boolean {
  return error instanceof AppError && undecryptableCodes.has(error.code);
}

export async function orUnreadable<T>(reading: Promise<T>): Promise<T | 'unreadable'> {
  try {
    return await reading;
  } catch (error) {
    if (isUndecryptable(error)) return 'unreadable';
    throw error;
  }
}

const undecryptableCodes: ReadonlySet<string> = new Set([
  'encrypted_with_unknown_key',
  'ciphertext_unreadable',
]);

const ivLength = 12;
const tagLength = 16;

/** Uses AES-256-GCM. `secrets` have 32 bytes each, newest first: the first encrypts, all decrypt. */
export function createKeyring(secrets: readonly Buffer[]): Keyring {
  const keys = secrets.map((secret) => {
    const key = deriveKey(secret, 'at rest');
    return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
  });
  const [newest] = keys;
  if (newest === undefined) throw new AppError('config_invalid', 'APP_SECRETS holds no secret.');

  const keyring: Keyring = {
    encrypt(plaintext, owner) {
      const iv = randomBytes(ivLength);
      const cipher = createCipheriv('aes-256-gcm', newest.key, iv).setAAD(Buffer.from(owner));
      const bytes = Buffer.concat([
        iv,
        cipher.update(plaintext, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      return `v1.${newest.id}.${bytes.toString('base64url')}`;
    },

    decrypt(encrypted, owner) {
      const [version, keyId, encoded = ''] = encrypted.split('.');
      const key = keys.find(({ id }) => id === keyId)?.key;
      if (version !== 'v1' || key === undefined)
        throw new AppError(
          'encrypted_with_unknown_key',
          `The ${owner.split(' ')[0]} was encrypted with a key that is not in APP_SECRETS. Add the old secret after the new one.`,
        );
      try {
        const bytes = Buffer.from(encoded, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivLength), {
          authTagLength: tagLength,
        })
          .setAAD(Buffer.from(owner))
          .setAuthTag(bytes.subarray(-tagLength));
        return (
          decipher.update(bytes.subarray(ivLength, -tagLength), undefined, 'utf8') + decipher.final('utf8')
        );
      } catch (cause) {
        throw new AppError(
          'ciphertext_unreadable',
          `The encrypted ${owner.split(' ')[0]} was altered or moved.`,
          {
            cause,
          },
        );
      }
    },

    reencrypt(encrypted, owner) {
      if (encrypted.split('.')[1] === newest.id) return undefined;
      return keyring.encrypt(keyring.decrypt(encrypted, owner), owner);
    },
  };
  return keyring;
}

/** Uses HKDF-SHA256 (RFC 5869), so that no two uses of a secret share a key. */
export function deriveKey(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `perly for slack: ${purpose}`, 32));
}
