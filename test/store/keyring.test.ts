import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createKeyring, deriveKey } from '../../src/store/keyring.ts';

const older = randomBytes(32);
const newer = randomBytes(32);
const webhookUrl = 'https://hooks.slack.com/services/T1/B1/secret';

describe('the keyring', () => {
  test('opens what it sealed, and shows nothing of it', () => {
    const keyring = createKeyring([newer]);
    const sealed = keyring.encrypt(webhookUrl, 'channel T1:C1');
    expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/);
    expect(sealed).not.toContain('secret');
    expect(keyring.decrypt(sealed, 'channel T1:C1')).toBe(webhookUrl);
  });

  test('seals the same text differently every time', () => {
    const keyring = createKeyring([newer]);
    expect(keyring.encrypt(webhookUrl, 'channel T1:C1')).not.toBe(
      keyring.encrypt(webhookUrl, 'channel T1:C1'),
    );
  });

  test('opens what an older key sealed, and seals with the newest', () => {
    const sealed = createKeyring([older]).encrypt(webhookUrl, 'channel T1:C1');
    const rotated = createKeyring([newer, older]);
    expect(rotated.decrypt(sealed, 'channel T1:C1')).toBe(webhookUrl);
    const again = rotated.encrypt(webhookUrl, 'channel T1:C1');
    expect(createKeyring([newer]).decrypt(again, 'channel T1:C1')).toBe(webhookUrl);
  });

  test('says that a key is missing', () => {
    const sealed = createKeyring([older]).encrypt(webhookUrl, 'channel T1:C1');
    expect(() => createKeyring([newer]).decrypt(sealed, 'channel T1:C1')).toThrow(
      expect.objectContaining({ code: 'sealed_with_unknown_key' }),
    );
  });

  test('refuses a ciphertext of another document', () => {
    const keyring = createKeyring([newer]);
    const sealed = keyring.encrypt(webhookUrl, 'channel T1:C1');
    expect(() => keyring.decrypt(sealed, 'channel T2:C2')).toThrow(
      expect.objectContaining({ code: 'sealed_unreadable' }),
    );
  });

  test('refuses a ciphertext with any one character changed', () => {
    const keyring = createKeyring([newer]);
    const sealed = keyring.encrypt(webhookUrl, 'channel T1:C1');
    const start = sealed.lastIndexOf('.') + 1;
    // The last character is left out: some of its bits are padding and mean nothing.
    for (let at = start; at < sealed.length - 1; at++) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const altered = sealed.slice(0, at) + other + sealed.slice(at + 1);
      expect(() => keyring.decrypt(altered, 'channel T1:C1')).toThrow();
    }
  });

  test('a cut ciphertext is refused', () => {
    const keyring = createKeyring([newer]);
    const sealed = keyring.encrypt(webhookUrl, 'channel T1:C1');
    for (const length of [0, 3, 12, 20, sealed.length - 4])
      expect(() => keyring.decrypt(sealed.slice(0, length), 'channel T1:C1')).toThrow();
  });

  test('keys for different purposes differ', () => {
    expect(deriveKey(newer, 'at rest').equals(deriveKey(newer, 'OAuth state'))).toBe(false);
  });
});
