import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readDocument } from '../../src/bson/read.ts';
import { writeDocument } from '../../src/bson/write.ts';

type Corpus = {
  valid?: { description: string; canonical_bson: string; degenerate_bson?: string }[];
  decodeErrors?: { description: string; bson: string }[];
};

const folder = new URL('fixtures/bson-corpus/', import.meta.url);
// Two files are only about decimals as text.
const files = readdirSync(folder)
  .map((name): [string, Corpus] => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8'))])
  .filter(([, { valid, decodeErrors }]) => valid !== undefined || decodeErrors !== undefined);
const rewritten = (hex: string) =>
  writeDocument(readDocument(Buffer.from(hex, 'hex')))
    .toString('hex')
    .toUpperCase();

describe.each(files)('%s', (_, { valid = [], decodeErrors = [] }) => {
  test.each(valid)('$description', ({ canonical_bson, degenerate_bson }) => {
    expect(rewritten(canonical_bson)).toBe(canonical_bson.toUpperCase());
    // Bytes that are kept unread stay as they were sent.
    if (degenerate_bson !== undefined)
      expect([canonical_bson, degenerate_bson].map((hex) => hex.toUpperCase())).toContain(
        rewritten(degenerate_bson),
      );
  });

  test.each(decodeErrors)('is refused: $description', ({ bson }) => {
    expect(() => rewritten(bson)).toThrow('malformed BSON');
  });
});
