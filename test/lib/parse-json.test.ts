import { expect, test } from 'vitest';
import { parseJson } from '../../src/lib/parse-json.ts';

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

test('JSON is parsed, up to 32 levels deep', () => {
  expect(parseJson('{"a":[1,{"b":null}]}')).toEqual({ a: [1, { b: null }] });
  expect(() => parseJson(nested(32))).not.toThrow();
  expect(() => parseJson(`{"a":${nested(31)}}`)).not.toThrow();
});

test.each([33, 100_000])('nesting of %d levels is refused', (levels) => {
  expect(() => parseJson(nested(levels))).toThrow(SyntaxError);
  expect(() => parseJson(`{"a":[0,${nested(levels)}]}`)).toThrow(SyntaxError);
});

test('a key that is a JavaScript property is a key like any other', () => {
  const value = parseJson('{"__proto__":{"polluted":true}}');
  expect(Object.keys(Object(value))).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
