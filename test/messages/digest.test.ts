import { describe, expect, test } from 'vitest';
import { renderLines, renderMessage } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { limitViolations } from '../../src/messages/block-kit/validate-message.ts';
import { buildDigest, toPlainDigest } from '../../src/messages/digest.ts';
import { alertOf, busyNight, fortyCustomers, otherCustomers } from '../support/digest-samples.ts';

const reason = 'quiet_hours';

/** The lines of each entry. */
function entries(events: readonly PerlyEvent[]): string[][] {
  return renderMessage(buildDigest({ events, reason }))
    .filter(({ colour }) => colour !== undefined)
    .map(({ lines }) => lines);
}

function many(customers: number, fields: Partial<PerlyEvent> = {}): PerlyEvent[] {
  return Array.from({ length: customers }, (_, index) => alertOf(`Customer ${index}`, index, fields));
}

test.each([buildDigest, toPlainDigest])('no event is an error', (build) => {
  expect(() => build({ events: [], reason })).toThrowError(expect.objectContaining({ code: 'no_events' }));
});

describe('the heading', () => {
  const two = [alertOf('Acme', 1), alertOf('Acme', 2)];
  test.each([
    [[alertOf('Acme', 1)], 'quiet_hours', 'While you were away: 1 alert, 1 customer'],
    [two, 'quiet_hours', 'While you were away: 2 alerts, 1 customer'],
    [two, 'daily', 'Daily digest: 2 alerts, 1 customer'],
    [[...busyNight, ...otherCustomers], 'quiet_hours', 'While you were away: 14 alerts, 9 customers'],
    [[alertOf('Acme', 1)], 'broken', 'While this channel was broken: 1 alert, 1 customer'],
    [fortyCustomers, 'broken', 'While this channel was broken: 80 alerts, 40 customers'],
  ] as const)('counts alerts and customers', (events, why, heading) => {
    const digest = buildDigest({ events, reason: why });
    expect(renderLines(digest)[0]).toBe(heading);
    expect(digest.text?.startsWith(`${heading}. `)).toBe(true);
    expect(renderLines(toPlainDigest({ events, reason: why }))[0]).toBe(heading);
  });

  test('says that it continues, or that it is a continuation', () => {
    const first = { events: two, reason: 'broken', part: 'first' } as const;
    for (const build of [buildDigest, toPlainDigest])
      expect(renderLines(build(first)).slice(0, 2)).toEqual([
        'While this channel was broken: 2 alerts, 1 customer',
        'Slack did not accept this as one message: it continues below',
      ]);
    const next = { events: two, reason: 'quiet_hours', part: 'continued' } as const;
    for (const build of [buildDigest, toPlainDigest])
      expect(renderLines(build(next))[0]).toBe('While you were away (continued): 2 alerts, 1 customer');
  });

  test('mentions nothing that does not exist', () => {
    expect(buildDigest({ events: two, reason: 'broken' }).blocks).toHaveLength(1);
  });

  test('says how many customers are at each level, worst first', () => {
    const events = (['low', 'high', 'critical', 'high'] as const).map((risk_level, index) =>
      alertOf(`Customer ${index}`, index, { risk_level }),
    );
    expect(renderLines(buildDigest({ events: [...events, alertOf('None', 9)], reason }))[1]).toBe(
      'By risk level: 1 critical, 2 high, 1 low',
    );
  });
});

describe('the notification', () => {
  test('names the customer if there is only one', () => {
    expect(buildDigest({ events: busyNight, reason }).text).toBe(
      'While you were away: 4 alerts, 1 customer. Acme Corp — Health score dropped to 32 (-27)',
    );
  });

  test('names the worst of several, with everything that the heading says', () => {
    const events = [...busyNight, ...otherCustomers];
    expect(buildDigest({ events, reason: 'broken' }).text).toBe(
      'While this channel was broken: 14 alerts, 9 customers. At the top: Globex — Customer at risk. ' +
        'By risk level: 1 high, 3 medium, 2 low',
    );
  });

  test('mentions nobody and links nowhere, whatever the customer’s name', () => {
    const { text, mrkdwn } = buildDigest({ events: [alertOf('<!channel> *x* evil.example :x:', 1)], reason });
    expect(renderMessage({ text, mrkdwn })).toMatchObject([{ links: [], mentions: [], formats: [] }]);
  });
});

describe('an entry', () => {
  test('is the latest state with what happened in between', () => {
    expect(entries(busyNight)).toEqual([
      [
        'Acme Corp — Health score dropped to 32 (-27)',
        '[Open in Perly]',
        'Risk level: Medium (was high) · Alerts: Health score drop ×2, Billing retry failed, Customer at risk · ' +
          'Signals: Champion left the company, Login frequency down 60%, Support tickets up and 1 more · ' +
          'Suggested: Call the executive sponsor · 3 March 2026, 04:00 UTC',
      ],
    ]);
  });

  test('with one alert does not count it', () => {
    expect(entries([alertOf('Acme', 1)])).toEqual([
      ['Acme — New expansion signal', '[Open in Perly]', '2 March 2026, 18:01 UTC'],
    ]);
  });

  test('links name and button to the customer, and has the colour of the latest risk level', () => {
    const [, entry] = renderMessage(buildDigest({ events: busyNight, reason }));
    const url = 'https://app.perly.ai/customers/cus_acme_corp';
    expect(entry).toMatchObject({
      colour: '#FACC15',
      links: [
        { label: 'Acme Corp', url },
        { label: 'Open in Perly', url },
      ],
      formats: ['bold: Acme Corp'],
    });
  });

  test('keeps the colour and level of the risk when good news follows', () => {
    const events = [alertOf('Acme', 1, { type: 'customer_at_risk', risk_level: 'high' }), alertOf('Acme', 2)];
    const [, entry] = renderMessage(buildDigest({ events, reason }));
    expect(entry?.colour).toBe('#F97316');
    expect(entry?.lines[0]).toBe('Acme — New expansion signal');
    expect(entry?.lines[2]).toMatch(/^Risk level: High · /);
  });

  const drop = (minute: number, current: number, change: number) =>
    alertOf('Acme', minute, { type: 'health_score_drop', health_score: { current, change } });
  const rise = (minute: number, current: number, change: number) =>
    alertOf('Acme', minute, { health_score: { current, change } });
  test.each([
    ['a drop', [drop(1, 32, -18)], 'Health score dropped to 32 (-18)', undefined],
    ['two drops', [drop(1, 41, -18), drop(2, 32, -9)], 'Health score dropped to 32 (-27)', undefined],
    ['a recovery', [drop(1, 32, -18), rise(2, 60, 28)], 'New expansion signal', 'Health score: 60 (+10)'],
    [
      'a drop after a greater rise',
      [rise(1, 70, 20), drop(2, 60, -10)],
      'Health score dropped to 60 (-10)',
      'Health score: 60 (+10) in all',
    ],
    [
      'a score before other news',
      [drop(1, 32, -18), alertOf('Acme', 2)],
      'New expansion signal',
      'Health score: 32 (-18)',
    ],
    ['a drop of next to nothing', [drop(1, 32, -0.01)], 'Health score dropped to 32 (-0.1)', undefined],
  ] as const)('shows %s', (_name, events, headline, line) => {
    const [[title, , facts = ''] = []] = entries(events);
    expect(title).toBe(`Acme — ${headline}`);
    expect(facts.split(' · ').find((fact) => fact.startsWith('Health score: '))).toBe(line);
  });

  test('shows the signals of the latest alert that has some, and a summary only if none has', () => {
    const first = alertOf('Acme', 1, { signals: ['one'], summary: 'First summary' });
    const second = alertOf('Acme', 2, { signals: ['two', ' '] });
    const third = alertOf('Acme', 3, { signals: ['\u200B'], summary: 'Third summary' });
    expect(entries([first, second, third])[0]?.[2]).toContain('Signals: two · ');
    expect(entries([third])[0]?.[2]).toMatch(/^Third summary · /);
  });
});

describe('where Slack’s limits cut', () => {
  const fields = { signals: ['Login frequency down 60%', 'payment failed twice', 'support tickets up'] };

  test('twenty customers of the usual size all fit', () => {
    const events = [
      ...many(20, fields),
      ...many(20, { ...fields, risk_level: 'high', type: 'customer_at_risk' }),
    ];
    const digest = buildDigest({ events, reason });
    expect(digest.attachments).toHaveLength(20);
    expect(digest.attachments?.at(-1)?.fallback).toMatch(/^Customer /);
  });

  test('of twenty-one, two are counted, since the count uses a place itself', () => {
    const digest = buildDigest({ events: many(21), reason });
    expect(digest.attachments).toHaveLength(20);
    const closing = renderMessage(digest).at(-1);
    expect(closing).toMatchObject({
      lines: ['and 2 more customers: see them in Perly', '[Open Perly]'],
      links: [{ url: 'https://app.perly.ai/' }],
    });
    expect(renderLines(toPlainDigest({ events: many(21), reason })).at(-1)).toBe(
      'and 2 more customers: see them in Perly: https://app.perly.ai/',
    );
  });

  test('entries are shortened before one is left out', () => {
    const long: Partial<PerlyEvent> = {
      type: 'billing_retry_failed',
      risk_level: 'high',
      health_score: { current: 50, change: -5 },
      signals: Array.from({ length: 9 }, (_, index) => `Signal ${index} ${'of many words '.repeat(9)}`),
      suggested_action: 'Call them '.repeat(20),
    };
    const facts = (customers: number) => entries([...many(customers), ...many(customers, long)])[0]?.[2];
    expect(facts(3)).toMatch(/Signals: Signal 0 .*, Signal 2 .*… and 6 more · Suggested: Call them/);
    expect(facts(20)).toMatch(/Signals: Signal 0 of many words .*… and 8 more · 2 March/);
    expect(entries([...many(20), ...many(20, long)])).toHaveLength(20);
  });

  test('with very long URLs, fewer customers fit, worst first, possibly only one', () => {
    const events = [3, 2, 1].map((size) => {
      const event = alertOf(`Customer ${size}`, 1, { health_score: { current: 50, change: -size } });
      return { ...event, customer: { ...event.customer, url: `https://app.perly.ai/${'q'.repeat(1900)}` } };
    });
    const digest = buildDigest({ events, reason });
    expect(digest.attachments?.map(({ fallback }) => fallback)).toEqual([
      'Customer 3 — New expansion signal',
      'Customer 2 — New expansion signal',
      'and 1 more customer: see it in Perly',
    ]);
    expect(limitViolations(digest)).toEqual([]);
  });
});
