import { describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../sandbox/perly/client.ts';
import { createSignatureCheck } from '../../src/perly/signature.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const now = new Date('2046-03-05T14:00:00Z');
const check = createSignatureCheck([secret], { now: () => now });

describe('a signature', () => {
  test('is judged by the app’s clock, and not by the machine’s', () => {
    expect(check(Buffer.from('{}'), signatureHeaders(secret, '{}', now))).toBe('{}');
    expect(() => check(Buffer.from('{}'), signatureHeaders(secret, '{}', new Date()))).toThrow(
      'five minutes',
    );
  });

  test('is of these bytes, this id and this time', () => {
    const headers = signatureHeaders(secret, '{}', now);
    const later = String(now.getTime() / 1000 + 1);
    expect(() => check(Buffer.from('{ }'), headers)).toThrow('does not match');
    expect(() => check(Buffer.from('{}'), { ...headers, 'webhook-id': 'msg_other' })).toThrow(
      'does not match',
    );
    expect(() => check(Buffer.from('{}'), { ...headers, 'webhook-timestamp': later })).toThrow(
      'does not match',
    );
  });
});
