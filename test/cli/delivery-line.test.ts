import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toDeliveryLine, toPrintable } from '../../src/cli/delivery-line.ts';
import { anyText } from '../support/any-text.ts';

const lineOf = (id: string) =>
  toDeliveryLine({ _id: id, attempts: 2, finishedAt: new Date(0), lastError: 'no_service' });

/** Words as a shell reads them. */
function readWords(written: readonly string[]): string[] {
  const read = execFileSync('sh', ['-c', `printf '%s\\0' ${written.join(' ')}`], { encoding: 'utf8' });
  return read.split('\0').slice(0, -1);
}

/** The id as it stands in a line, between the time and the number of tries. */
const idIn = (line: string) =>
  line.slice('1970-01-01T00:00:00.000Z  '.length, line.lastIndexOf('  2 failed'));

test('an id pasted into a shell is one argument, and runs nothing', () => {
  const hostile = [`'; touch /tmp/pwned; '`, '$(id)', '`id`', "it's", '"', '\\', '!!', '*', '~', '-n', ' '];
  const ids = [...hostile, ...fc.sample(anyText(40), 200)]
    .map((text) => text.toWellFormed().replaceAll('\0', ''))
    .map((text) => `["acct","${text}"] T1:C1`);
  expect(readWords(ids.map((id) => idIn(lineOf(id))))).toEqual(ids);
});

test('terminal control characters are printed as escapes, which JSON reads as the same characters', () => {
  const text = JSON.stringify({ a: 'x\u0007\u009b31m\u202e\u2066\u2028\u{e0001}é🚀' }, null, 2);
  expect(toPrintable(text)).toBe('{\n  "a": "x\\u0007\\u009b31m\\u202e\\u2066\\u2028\\udb40\\udc01é🚀"\n}');
  expect(JSON.parse(toPrintable(text))).toEqual(JSON.parse(text));
});
