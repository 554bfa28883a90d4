import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clean, isolate } from '../../../src/messages/block-kit/clean.ts';
import {
  encodeLinkUrl,
  escapeMrkdwn,
  isLiteralInMrkdwn,
  mrkdwnLink,
  preventAutolink,
} from '../../../src/messages/block-kit/mrkdwn.ts';
import { sentLength, splitBudget, truncate } from '../../../src/messages/block-kit/truncate.ts';
import { anyText } from '../../support/any-text.ts';

describe('clean', () => {
  test.each([
    ['plain text stays', 'plain text stays'],
    ['  two   spaces\t', 'two spaces'],
    ['one\ntwo\r\nthree\u2028four\u2029five\u0085six\u000Bseven', 'one two three four five six seven'],
    ['no\u00A0break\u3000wide', 'no break wide'],
    ['a\u0000b\u001Bc\u007Fd\u0090e', 'abcde'],
    ['\u202Etxt\u202C \u2066x\u2069 \u200E\u200F\u061Cy', 'txt x y'],
    ['pay\u200Bp\u2060al\uFEFF\u00AD', 'paypal'],
    ['tag\u{E0041}\u{E007F}ged', 'tagged'],
    [
      '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} stays',
      '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} stays',
    ],
    ['🏴\u{E0068}\u{E0069} \u{E0067}\u{E007F}', '🏴'],
    ['\u3164\u115F\u2800blank', 'blank'],
    ['half \uD83D pair', 'half \uFFFD pair'],
    ['\uDE80', '\uFFFD'],
    ['not a character \uFFFF', 'not a character'],
    ['🚀 stays, 👩‍👩‍👧‍👦 too, 👍🏽 and ❤️‍🔥', '🚀 stays, 👩‍👩‍👧‍👦 too, 👍🏽 and ❤️‍🔥'],
    ['a\u200Db', 'ab'],
    ['می\u200Cخواهم', 'می\u200Cخواهم'],
    ['क्\u200Dष', 'क्\u200Dष'],
    ['ന്\u200D and അവന്\u200D', 'ന്\u200D and അവന്\u200D'],
    ['ന്\u200D\u200D', 'ന്\u200D'],
    [`z${'\u0301'.repeat(50)}o`, `z${'\u0301'.repeat(4)}o`],
    ['\u200B \u202E', ''],
    ['\uFE0F', ''],
    ['\uFE0F \u{E0100}\u180B', ''],
    ['\u{1D159}', ''],
    ['❤\uFE0F stays', '❤\uFE0F stays'],
    ['', ''],
  ])('%j becomes %j', (text, cleaned) => {
    expect(clean(text)).toBe(cleaned);
  });

  test('clean text stays unchanged', () => {
    fc.assert(
      fc.property(anyText(40), (text) => {
        expect(clean(clean(text))).toBe(clean(text));
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  ['שלום', true],
  ['Acme شركة', true],
  ['ދިވެހި', true],
  ['𐴌𐴟𐴇', true],
  ['𞤀𞤁', true],
  ['ﷺ', true],
  ['Acme Größe 株式会社 🚀 10', false],
])('%j is isolated: %s', (text, isIsolated) => {
  expect(isolate(text)).toBe(isIsolated ? `\u2068${text}\u2069` : text);
});

describe('cut', () => {
  test.each([
    ['short', 5, 'short'],
    ['one two three', 13, 'one two three'],
    ['one two three', 12, 'one two…'],
    ['one two three', 8, 'one two…'],
    ['one two three', 7, 'one…'],
    ['one, two, three', 10, 'one, two…'],
    ['a verylongwordwithoutend', 12, 'a verylongw…'],
    ['verylongword', 5, 'very…'],
    ['anything', 1, '…'],
    ['🚀🚀🚀', 5, '🚀🚀…'],
    ['🚀🚀🚀', 4, '🚀…'],
    ['🚀🚀', 2, '…'],
    ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12, '👩‍👩‍👧‍👦…'],
    ['👩‍👩‍👧‍👦', 6, '👩‍👩…'],
    ['e\u0301e\u0301e\u0301', 5, 'e\u0301e\u0301…'],
    ['&&&&', 11, '&&…'],
    ['<b> and more', 12, '<b>…'],
    ['日本語の長い文章です', 5, '日本語の…'],
  ])('%j to %d is %j', (text, maximum, result) => {
    expect(truncate(text, maximum)).toBe(result);
  });

  test('never exceeds the maximum, never splits a code point, and keeps the start', () => {
    const units = fc.constantFrom(
      '🚀',
      '&',
      '<',
      'word',
      ' ',
      ',',
      'é',
      'e\u0301',
      '👩‍👩‍👧‍👦',
      '日本',
      '\u200D',
      '…',
    );
    const text = fc.array(units, { maxLength: 60 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 120 }), (whole, maximum) => {
        const result = truncate(whole, maximum);
        expect(sentLength(result)).toBeLessThanOrEqual(maximum);
        expect(result.isWellFormed()).toBe(true);
        if (result === whole) return;
        expect(result.endsWith('…')).toBe(true);
        expect(whole.startsWith(result.slice(0, -1))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('splitBudget', () => {
  test.each([
    [['one', 'two'], 6, ['one', 'two']],
    [['one', 'longer than that'], 12, ['one', 'longer…']],
    [['aaaaaaaaaa', 'bbbbbbbbbb'], 10, ['aaaa…', 'bbbb…']],
    [['aaaaaaaaaa', 'b', 'cccccccccc'], 11, ['aaaa…', 'b', 'cccc…']],
    [[], 10, []],
  ])('%j on %d', (texts, room, result) => {
    expect(splitBudget(texts, room)).toEqual(result);
  });
});

describe('escapeText', () => {
  test.each([
    ['R&D', 'R&amp;D'],
    ['<!channel>', '&lt;!channel&gt;'],
    ['&amp; already escaped', '&amp;amp; already escaped'],
    ['"quotes" \'stay\' *too*', '"quotes" \'stay\' *too*'],
  ])('%j is sent as %j', (text, sent) => {
    expect(escapeMrkdwn(text)).toBe(sent);
  });
});

describe('isLiteralInMrkdwn', () => {
  test.each([
    '*bold*',
    'acme_corp',
    '~no~',
    '`x`',
    ':rocket:',
    'a:b',
    ':)',
    '10:30:45',
    'a|b',
    ':8ball:',
    'at:2fa: x',
    ':8-ball+:',
    ':8日:',
    '1:2:3',
  ])('%j is not', (text) => {
    expect(isLiteralInMrkdwn(text)).toBe(false);
  });

  test.each([
    'Acme Corp',
    'Support 10:30',
    '12:30 to 13:45',
    'a: b',
    '> quote',
    'R&D, Inc. (Ltd) — Ünïcode',
    'https',
    'שלום',
  ])('%j is', (text) => {
    expect(isLiteralInMrkdwn(text)).toBe(true);
  });
});

describe('preventAutolink', () => {
  test.each([
    ['acme_corp *x* 10:30', 'acme_corp *x* 10:30'],
    ['see evil.example', 'see evil.\u2060example'],
    ['https://evil', 'https:\u2060//evil'],
    [':rocket: :+1:', ':\u2060rocket: :\u2060+1:'],
  ])('%j becomes %j', (text, literal) => {
    expect(preventAutolink(text)).toBe(literal);
  });
});

describe('isolate', () => {
  test.each([
    ['Acme', 'Acme'],
    ['שלום בע"מ', '\u2068שלום בע"מ\u2069'],
    ['شركة 24', '\u2068شركة 24\u2069'],
    ['', ''],
  ])('%j becomes %j', (text, result) => {
    expect(isolate(text)).toBe(result);
  });
});

describe('links', () => {
  test.each([
    ['https://app.perly.ai/customers/cus_acme', 'https://app.perly.ai/customers/cus_acme'],
    ['https://app.perly.ai/x?a=1&b=<2>|c', 'https://app.perly.ai/x?a=1&b=%3C2%3E%7Cc'],
    [
      'https://app.perly.ai/a b|c*d`e>\n#f|g^{h}',
      'https://app.perly.ai/a%20b%7Cc%2Ad%60e%3E#f%7Cg%5E%7Bh%7D',
    ],
    ['https://app.perly.ai/é%7C%zz', 'https://app.perly.ai/%C3%A9%7C%zz'],
  ])('%j is linked as %j', (url, linked) => {
    expect(encodeLinkUrl(url)).toBe(linked);
  });

  test('the ampersands of a URL are escaped in mrkdwn', () => {
    expect(mrkdwnLink('https://app.perly.ai/?a=1&b=2', 'label')).toBe(
      '<https://app.perly.ai/?a=1&amp;b=2|label>',
    );
  });
});
