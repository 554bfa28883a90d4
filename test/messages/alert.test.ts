import { describe, expect, test } from 'vitest';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { cutBudget, toAlert, toCompactAlert } from '../../src/messages/alert.ts';
import { sampleEvent } from '../support/sample-events.ts';

const seed = sampleEvent('seed-example');

function lines(event: PerlyEvent): string[] {
  return renderMessage({ attachments: [toAlert(event)] }).flatMap((part) => part.lines);
}

test('the seed example reads as designed, with the name linked to the customer', () => {
  const [part] = renderMessage({ attachments: [toAlert(seed)] });
  expect(part).toEqual({
    colour: '#F97316',
    lines: [
      'Acme Corp — Health score dropped to 32 (-18)',
      'Risk level: High',
      'Signals: Login frequency down 60%, payment failed twice, support tickets up',
      'Suggested: Schedule a check-in call with the account owner',
      '[Open in Perly]',
      'Health score drop · 2 March 2026, 14:05 UTC',
    ],
    links: [
      { label: 'Acme Corp', url: 'https://app.perly.ai/customers/cus_acme' },
      { label: 'Open in Perly', url: 'https://app.perly.ai/customers/cus_acme' },
    ],
    mentions: [],
    formats: ['bold: Acme Corp'],
  });
});

test('the fallback can be read alone', () => {
  expect(toAlert(seed).fallback).toBe(
    'Acme Corp — Health score dropped to 32 (-18). Risk level: High. ' +
      'Signals: Login frequency down 60%, payment failed twice, support tickets up',
  );
});

test.each([
  ['customer_at_risk', 'Customer at risk'],
  ['expansion_signal', 'New expansion signal'],
  ['health_score_drop', 'Health score dropped to 32 (-18)'],
  ['upsell_opportunity', 'Upsell opportunity detected'],
  ['billing_retry_failed', 'Billing retry failed'],
] as const)('%s is headed "%s"', (type, headline) => {
  expect(lines({ ...seed, type })[0]).toBe(`Acme Corp — ${headline}`);
});

describe('the colour of the bar', () => {
  test.each([
    ['critical', '#D92D20'],
    ['high', '#F97316'],
    ['medium', '#FACC15'],
    ['low', '#98A2B3'],
  ] as const)('is that of the risk level %s, whatever the type', (risk_level, colour) => {
    expect(toAlert({ ...seed, risk_level }).color).toBe(colour);
    expect(toCompactAlert({ ...seed, type: 'expansion_signal', risk_level }).color).toBe(colour);
  });

  test.each([
    ['expansion_signal', '#12B76A'],
    ['upsell_opportunity', '#12B76A'],
    ['health_score_drop', '#98A2B3'],
    ['billing_retry_failed', '#98A2B3'],
  ] as const)('of %s without a risk level is %s', (type, colour) => {
    const { risk_level: _, ...event } = seed;
    expect(toAlert({ ...event, type }).color).toBe(colour);
  });
});

describe('scores', () => {
  test.each([
    [32, -18, '32 (-18)'],
    [91, 6, '91 (+6)'],
    [40, 0, '40 (0)'],
    [-0, -0, '0 (0)'],
    [32.46, -18.04, '32.5 (-18)'],
    [32.04, -0.04, '32 (-0.1)'],
    [60, -4.96, '60 (-5)'],
    [60, -4.95, '60 (-5)'],
    [3.2, -4.999999999999999, '3.2 (-5)'],
    [99.95, 0.05, '100 (+0.1)'],
    [0.1 + 0.2, 1e-9, '0.3 (+0.1)'],
  ])('%d with a change of %d is "%s"', (current, change, shown) => {
    const health_score = { current, change };
    expect(lines({ ...seed, type: 'customer_at_risk', health_score })).toContain(`Health score: ${shown}`);
    expect(lines({ ...seed, health_score })[0]).toBe(`Acme Corp — Health score dropped to ${shown}`);
  });

  test('are not repeated for a drop', () => {
    expect(lines(seed).filter((line) => line.includes('Health score'))).toHaveLength(2);
  });
});

describe('signals', () => {
  const numbers = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');

  test.each([
    [1, 'Signals: one'],
    [5, 'Signals: one, two, three, four, five'],
    [6, 'Signals: one, two, three, four, five and 1 more'],
    [12, 'Signals: one, two, three, four, five and 7 more'],
  ])('%d of them', (count, line) => {
    expect(lines({ ...seed, signals: numbers.slice(0, count) })).toContain(line);
  });

  test('invisible ones are neither shown nor counted', () => {
    expect(lines({ ...seed, signals: ['', ' ', 'one', '\u200B', 'two'] })).toContain('Signals: one, two');
  });

  test('where they are cut, all long ones stay visible, and short ones stay whole', () => {
    const long = 'so many words that it would fill the line on its own '.repeat(4);
    const event = { ...seed, signals: [`A: ${long}`, 'short', `B: ${long}`, `C: ${long}`, 'tail'] };
    const [part] = renderMessage({ attachments: [toAlert(event, undefined, cutBudget)] });
    const line = part?.lines[2] ?? '';
    expect(line.length).toBeLessThan(260);
    expect(line).toMatch(/^Signals: A: so many .*…, short, B: so many .*…, C: so many .*…, tail$/);
  });
});

test('an event with only the required fields has a headline, a button and a time', () => {
  const { risk_level: _, health_score: __, signals: ___, suggested_action: ____, ...bare } = seed;
  expect(lines({ ...bare, type: 'upsell_opportunity' })).toEqual([
    'Acme Corp — Upsell opportunity detected',
    '[Open in Perly]',
    'Upsell opportunity · 2 March 2026, 14:05 UTC',
  ]);
});

test('empty texts leave no line', () => {
  const event = {
    ...seed,
    summary: ' ',
    signals: [],
    suggested_action: '\n',
    details: [{ label: 'Owner', value: '' }],
  };
  expect(lines(event)).toHaveLength(4);
});

test('details are on one line, with or without a label', () => {
  const details = [
    { label: 'MRR', value: '$4,200' },
    { label: '', value: 'Renewal in May' },
  ];
  expect(lines({ ...seed, details })).toContain('MRR: $4,200 · Renewal in May');
});

test('a customer with an invisible name is shown by id', () => {
  const customer = { ...seed.customer, name: '\u200B\u202E' };
  expect(lines({ ...seed, customer })[0]).toBe('cus_acme — Health score dropped to 32 (-18)');
});

test('a URL that Slack does not accept is left out, not cut', () => {
  const ampersands = { ...seed.customer, url: `https://app.perly.ai/?${'&'.repeat(1900)}` };
  expect(renderMessage({ attachments: [toAlert({ ...seed, customer: ampersands })] })[0]?.links).toEqual([
    { label: 'Open in Perly', url: ampersands.url },
  ]);
  const encoded = { ...seed.customer, url: `https://app.perly.ai/${'é'.repeat(1900)}` };
  expect(renderMessage({ attachments: [toAlert({ ...seed, customer: encoded })] })[0]?.links).toEqual([]);
});

test('the time is in the reader’s zone, and a time before 1970 is text', () => {
  const sent = JSON.stringify(toAlert(seed));
  expect(sent).toContain('<!date^1772460300^{date_short_pretty} at {time}|2 March 2026, 14:05 UTC>');
  expect(lines({ ...seed, occurred_at: '1969-07-20t20:17:40z' }).at(-1)).toBe(
    'Health score drop · 20 July 1969, 20:17 UTC',
  );
  expect(JSON.stringify(toAlert({ ...seed, occurred_at: '1969-07-20t20:17:40z' }))).not.toContain('<!date');
});

test('the compact alert takes two blocks and keeps what matters', () => {
  const alert = toCompactAlert(sampleEvent('customer-at-risk'));
  expect(alert.blocks).toHaveLength(2);
  expect(renderMessage({ attachments: [alert] })[0]?.lines).toEqual([
    'Globex — Customer at risk',
    '[Open in Perly]',
    'Risk level: Critical · Health score: 18 (-27) · Signals: Champion left the company, No logins for 14 days, ' +
      'Renewal in 21 days · Suggested: Call the executive sponsor today · 2 March 2026, 15:11 UTC',
  ]);
});

test('the compact alert shows the summary if there are no signals', () => {
  const { signals: _, ...event } = sampleEvent('customer-at-risk');
  expect(renderMessage({ attachments: [toCompactAlert(event)] })[0]?.lines[2]).toMatch(
    /^Churn risk escalated from high to critical · Risk level: Critical/,
  );
});
