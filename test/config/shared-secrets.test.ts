import { describe, expect, test } from 'vitest';
import { faultsOf, goodEnvironment, newSecret } from '../support/environment.ts';

describe('a secret for two purposes', () => {
  const shared = newSecret();
  const hex = Buffer.from(shared, 'base64').toString('hex');
  const values: Record<string, string[]> = {
    SLACK_CLIENT_SECRET: [shared, hex],
    SLACK_SIGNING_SECRET: [shared, hex],
    PERLY_SECRETS: [`whsec_${shared}`, `whsec_${newSecret()},whsec_${shared}`],
    PERLY_TOKEN_SECRETS: [shared, hex, hex.toUpperCase(), `whsec_${shared}`, `${newSecret()},${shared}`],
    PERLY_NOTIFY_SECRETS: [`whsec_${shared}`],
    APP_SECRETS: [shared, `${newSecret()},${shared}`],
  };
  const names = Object.keys(values);
  const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const));

  test.each(pairs)('%s and %s: refused by their names, without the value', (one, other) => {
    for (const a of values[one] ?? [])
      for (const b of values[other] ?? []) {
        const message = faultsOf({ ...goodEnvironment, [one]: a, [other]: b });
        expect(message).toContain(`${one} and ${other} share a secret.`);
        expect(message).not.toContain(shared);
        expect(message.toLowerCase()).not.toContain(hex);
      }
  });

  const text = 'a secret that somebody wrote as text';
  const encoded = Buffer.from(text).toString('base64');
  const appText = 'thirty-two letters and more of x';
  const appEncoded = Buffer.from(appText).toString('base64');
  const bytes = Buffer.alloc(32, 0xfb);
  const urlSafe = bytes.toString('base64url');

  test.each([
    [
      'its text',
      'PERLY_TOKEN_SECRETS',
      text.replaceAll(' ', '_'),
      'PERLY_SECRETS',
      `whsec_${Buffer.from(text.replaceAll(' ', '_')).toString('base64')}`,
    ],
    ['its text', 'SLACK_SIGNING_SECRET', appText, 'APP_SECRETS', appEncoded],
    ['its text', 'SLACK_CLIENT_SECRET', text, 'PERLY_NOTIFY_SECRETS', `whsec_${encoded}`],
    ['its text, with a prefix', 'SLACK_CLIENT_SECRET', `whsec_${appText}`, 'APP_SECRETS', appEncoded],
    ['base64url', 'PERLY_TOKEN_SECRETS', urlSafe, 'APP_SECRETS', bytes.toString('base64')],
    [
      'base64 of hexadecimal',
      'SLACK_SIGNING_SECRET',
      'ab'.repeat(16),
      'APP_SECRETS',
      Buffer.from('ab'.repeat(16)).toString('base64'),
    ],
    [
      'hexadecimal of base64',
      'PERLY_TOKEN_SECRETS',
      Buffer.from(shared).toString('hex'),
      'APP_SECRETS',
      shared,
    ],
    ['spaces around it', 'SLACK_SIGNING_SECRET', ` ${shared} `, 'APP_SECRETS', shared],
  ])('%s: %s=%s is the key of %s', (_how, one, value, other, otherValue) => {
    const message = faultsOf({ ...goodEnvironment, [one]: value, [other]: otherValue });
    expect(message).toMatch(
      new RegExp(`${one} and ${other} share a secret|${other} and ${one} share a secret`),
    );
    expect(message).not.toContain(value);
  });

  test('that only look alike are different', () => {
    const token = 'Abcdefghijklmnopqrstuvwxyz0123456789';
    expect(
      faultsOf({ ...goodEnvironment, PERLY_TOKEN_SECRETS: token, SLACK_SIGNING_SECRET: token.slice(0, -1) }),
    ).toBe('none');
  });

  test('several for one purpose are fine', () => {
    expect(faultsOf({ ...goodEnvironment, PERLY_TOKEN_SECRETS: `${shared},${shared}` })).toBe('none');
  });
});
