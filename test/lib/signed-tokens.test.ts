import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src/lib/errors.ts';
import { createSignedTokens } from '../../src/lib/signed-tokens.ts';

const content = z.object({ teamId: z.string(), userId: z.string() });
const now = new Date('2046-03-01T12:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

function tokensOf(change: { keys?: Buffer[]; audience?: string } = {}) {
  const keys = change.keys ?? [Buffer.alloc(32, 1)];
  return createSignedTokens({ keys, audience: change.audience ?? 'here', lifetime: 600, content });
}

async function codeOf(verified: Promise<unknown>): Promise<string> {
  return verified.then(
    () => 'good',
    (error: unknown) => (error instanceof AppError ? error.code : 'not ours'),
  );
}

const anyContent = fc.record({ teamId: fc.string(), userId: fc.string() });
const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));

describe('a signed token', () => {
  test('returns what was signed until it expires, and is never the same twice', async () => {
    await fc.assert(
      fc.asyncProperty(anyContent, fc.integer({ min: 0, max: 1200 }), async (given, seconds) => {
        const [token, other] = await Promise.all([tokensOf().sign(given, now), tokensOf().sign(given, now)]);
        expect(token).not.toBe(other);
        const verified = tokensOf().verify(token, later(seconds));
        if (seconds < 600) expect((await verified).content).toEqual(given);
        else expect(await codeOf(verified)).toBe('token_expired');
      }),
      { numRuns: 50 },
    );
  });

  test('is forged if anything in it is changed', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    await fc.assert(
      fc.asyncProperty(anyContent, fc.nat(), fc.constantFrom(...alphabet), async (given, at, letter) => {
        const token = await tokensOf().sign(given, now);
        // Two bits of the last letter have no meaning.
        const index = at % (token.length - 1);
        fc.pre(token[index] !== '.' && token[index] !== letter);
        const changed = token.slice(0, index) + letter + token.slice(index + 1);
        expect(await codeOf(tokensOf().verify(changed, now))).toBe('token_forged');
      }),
      { numRuns: 200 },
    );
  });

  test('of another key or another kind is forged', async () => {
    await fc.assert(
      fc.asyncProperty(anyContent, anyKey, fc.string({ minLength: 1 }), async (given, key, audience) => {
        fc.pre(audience !== 'here' && !key.equals(Buffer.alloc(32, 1)));
        const byKey = await tokensOf({ keys: [key] }).sign(given, now);
        const byKind = await tokensOf({ audience }).sign(given, now);
        for (const token of [byKey, byKind])
          expect(await codeOf(tokensOf().verify(token, now))).toBe('token_forged');
      }),
      { numRuns: 50 },
    );
  });

  test('of an older key is valid', async () => {
    const token = await tokensOf().sign({ teamId: 'T1', userId: 'U1' }, now);
    const rotated = tokensOf({ keys: [Buffer.alloc(32, 2), Buffer.alloc(32, 1)] });
    expect((await rotated.verify(token, now)).content).toEqual({ teamId: 'T1', userId: 'U1' });
  });

  test.each(['', 'word', 'a.b.c', '..', `${'x'.repeat(10_000)}.y.z`])('%j is forged', async (token) => {
    expect(await codeOf(tokensOf().verify(token, now))).toBe('token_forged');
  });
});
