import { describe, expect, test } from 'vitest';
import { renderMessage } from '../../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../../src/perly/event.ts';
import { buildAlertMessage } from '../../../src/slack/messages/alert-message.ts';
import { brokenLimits } from '../../../src/slack/messages/fits.ts';
import { sampleEvent } from '../../support/sample-events.ts';

const seed = sampleEvent('seed-example');
const critical = sampleEvent('customer-at-risk');

function copies(event: PerlyEvent, count: number): PerlyEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    ...event,
    id: `${event.id}_${index}`,
    customer: { ...event.customer, name: `Customer ${index}` },
  }));
}

test('one event is one attachment with nothing above it', () => {
  const { message, taken } = buildAlertMessage([seed]);
  expect(taken).toBe(1);
  expect(message.text).toBeUndefined();
  expect(message.blocks).toBeUndefined();
  expect(message.attachments).toHaveLength(1);
  expect(message).toMatchObject({ unfurl_links: false, unfurl_media: false });
});

test('no event is no message', () => {
  expect(() => buildAlertMessage([])).toThrowError(expect.objectContaining({ code: 'no_events' }));
});

describe('several events', () => {
  test('are joined in order, each with its own bar, under a count', () => {
    const { message, taken } = buildAlertMessage([seed, critical, critical]);
    expect(taken).toBe(3);
    const [own, ...alerts] = renderMessage(message);
    expect(own?.lines).toEqual(['3 alerts, 2 critical']);
    expect(alerts.map(({ colour, lines }) => [colour, lines[0]])).toEqual([
      ['#F97316', 'Acme Corp — Health score dropped to 32 (-18)'],
      ['#D92D20', 'Globex — Customer at risk'],
      ['#D92D20', 'Globex — Customer at risk'],
    ]);
  });

  test('without a critical one are only counted', () => {
    expect(buildAlertMessage([seed, seed]).message.text).toBe('2 alerts');
  });

  test.each([seed, critical])('twenty of the usual size go into one message, the rest waits', (event) => {
    const { message, taken } = buildAlertMessage(copies(event, 25));
    expect(taken).toBe(20);
    expect(message.attachments).toHaveLength(20);
    expect(message.text).toMatch(/^20 alerts/);
    expect(message.attachments?.at(-1)?.fallback).toMatch(/^Customer 19 — /);
  });

  test('that are long are fewer to a message', () => {
    const url = `${seed.customer.url}?${'q'.repeat(900)}`;
    const { message, taken } = buildAlertMessage(
      copies({ ...seed, customer: { ...seed.customer, url } }, 20),
    );
    expect(taken).toBeGreaterThan(1);
    expect(taken).toBeLessThan(8);
    expect(message.attachments).toHaveLength(taken);
    expect(message.text).toBe(`${taken} alerts`);
    expect(brokenLimits(message)).toEqual([]);
  });

  test('of which only the first fits are one full alert', () => {
    const url = `${seed.customer.url}?${'q'.repeat(2900)}`;
    const huge = { ...seed, customer: { ...seed.customer, url } };
    const { message, taken } = buildAlertMessage([huge, huge, huge]);
    expect(taken).toBe(1);
    expect(message).toEqual(buildAlertMessage([huge]).message);
    expect(message.attachments?.[0]?.blocks).toHaveLength(4);
  });
});
