import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toChannelLabel, toName } from '../../../src/slack/pages/names.ts';
import { anyText } from '../../support/any-text.ts';

describe('a name', () => {
  it.each<[given: string | undefined, shown: string | undefined]>([
    ['Northwind', 'Northwind'],
    ['  two\n\tlines ', 'two lines'],
    ['abc\u202edef\u2066\u200b', 'abcdef'],
    ['nul\u0000\u001b[31m', 'nul[31m'],
    ['space \u0000 around \u200b nothing', 'space around nothing'],
    ['👩‍👩‍👧 team', '👩‍👩‍👧 team'],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['x'.repeat(81), `${'x'.repeat(79)}…`],
    ['🦪'.repeat(81), `${'🦪'.repeat(79)}…`],
    ['lone \ud800', 'lone \ufffd'],
    ['ㅤ', undefined],
    ['\u115f\u1160\u00ad\ufe0f\u2800\u034f\u{e0041}', undefined],
    ['Acme\u3164\u{e0020}\u{e0041} Inc.', 'Acme Inc.'],
    [`Z${'\u0301'.repeat(50)}o`, `Z${'\u0301'.repeat(4)}o`],
    [' \u200b ', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j is shown as %j', (given, shown) => {
    expect(toName(given)).toBe(shown);
  });

  it('is never longer than 80 code points, and does not change when cleaned again', () => {
    fc.assert(
      fc.property(anyText(200), (text) => {
        const name = toName(text);
        expect([...(name ?? '')].length).toBeLessThanOrEqual(80);
        expect(toName(name)).toBe(name);
      }),
    );
  });
});

describe('a channel', () => {
  it.each<[given: string, shown: string | undefined]>([
    ['#customer-health', '#customer-health'],
    ['customer-health', '#customer-health'],
    ['@ada', '@ada'],
    ['x'.repeat(80), `#${'x'.repeat(78)}…`],
    ['', undefined],
    ['#', undefined],
    ['@\u3164', undefined],
  ])('%j is shown as %j', (given, shown) => {
    expect(toChannelLabel(given)).toBe(shown);
  });
});
