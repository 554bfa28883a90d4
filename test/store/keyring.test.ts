import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createKeyring, deriveKey } from '../../src/store/keyring.ts';

const older = randomBytes(32);
const newer = randomBytes(32);
const webhookUrl = 'https://hooks.slack.com/services/T1/B1/secret';

describe('the keyring', () => {
  test('decrypts what it encrypted, and reveals nothing of it', () => {
    const keyring = createKeyring([newer]);
    const encrypted = keyring.encrypt(webhookUrl, 'channel T1:C1');
    expect(encrypted).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/);
    expect(encrypted).not.toContain('secret');
    expect(keyring.decrypt(encrypted, 'channel T1:C1')).toBe(webhookUrl);
  });

  test('encrypts the same text differently each time', () => {
    const keyring = createKeyring([newer]);
    expect(keyring.encrypt(webhookUrl, 'channel T1:C1')).not.toBe(
      keyring.encrypt(webhookUrl, 'channel T1:C1'),
    );
  });

  test('decrypts with an older key, and encrypts with the newest', () => {
    const encrypted = createKeyring([older]).encrypt(webhookUrl, 'channel T1:C1');
    const rotated = createKeyring([newer, older]);
    expect(rotated.decrypt(encrypted, 'channel T1:C1')).toBe(webhookUrl);
    const again = rotated.encrypt(webhookUrl, 'channel T1:C1');
    expect(createKeyring([newer]).decrypt(again, 'channel T1:C1')).toBe(webhookUrl);
  });

  test('reports a missing key', () => {
    const encrypted = createKeyring([older]).encrypt(webhookUrl, 'channel T1:C1');
    expect(() => createKeyring([newer]).decrypt(encrypted, 'channel T1:C1')).toThrow(
      expect.objectContaining({ code: 'encrypted_with_unknown_key' }),
    );
  });

  test('refuses a ciphertext of another document', () => {
    const keyring = createKeyring([newer]);
    const encrypted = keyring.encrypt(webhookUrl, 'channel T1:C1');
    expect(() => keyring.decrypt(encrypted, 'channel T2:C2')).toThrow(
      expect.objectContaining({ code: 'ciphertext_unreadable' }),
    );
  });

  test('refuses a ciphertext with any one character changed', () => {
    const keyring = createKeyring([newer]);
    const encrypted = keyring.encrypt(webhookUrl, 'channel T1:C1');
    const start = encrypted.lastIndexOf('.') + 1;
    // The last character is left out, since some of its bits are padding.
    for (let at = start; at < encrypted.length - 1; at++) {
      const other = encrypted[at] === 'A' ? 'B' : 'A';
      const altered = encrypted.slice(0, at) + other + encrypted.slice(at + 1);
      expect(() => keyring.decrypt(altered, 'channel T1:C1')).toThrow();
    }
  });

  test('refuses a truncated ciphertext', () => {
    const keyring = createKeyring([newer]);
    const encrypted = keyring.encrypt(webhookUrl, 'channel T1:C1');
    for (const length of [0, 3, 12, 20, encrypted.length - 4])
      expect(() => keyring.decrypt(encrypted.slice(0, length), 'channel T1:C1')).toThrow();
  });

  test('keys for different purposes differ', () => {
    expect(deriveKey(newer, 'at rest').equals(deriveKey(newer, 'OAuth state'))).toBe(false);
  });
});
