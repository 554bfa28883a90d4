import { describe, expect, test } from 'vitest';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { buildAlertMessage } from '../../src/messages/alert-message.ts';
import { limitViolations } from '../../src/messages/block-kit/validate-message.ts';
import { sampleEvent } from '../support/sample-events.ts';

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
  const { message, included } = buildAlertMessage([seed]);
  expect(included).toBe(1);
  expect(message.text).toBeUndefined();
  expect(message.blocks).toBeUndefined();
  expect(message.attachments).toHaveLength(1);
  expect(message).toMatchObject({ unfurl_links: false, unfurl_media: false });
});

test('no event is an error', () => {
  expect(() => buildAlertMessage([])).toThrowError(expect.objectContaining({ code: 'no_events' }));
});

describe('several events', () => {
  test('are joined in order, each with its own bar, under a count', () => {
    const { message, included } = buildAlertMessage([seed, critical, critical]);
    expect(included).toBe(3);
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

  test.each([seed, critical])('twenty of the usual size fit in one message, the rest waits', (event) => {
    const { message, included } = buildAlertMessage(copies(event, 25));
    expect(included).toBe(20);
    expect(message.attachments).toHaveLength(20);
    expect(message.text).toMatch(/^20 alerts/);
    expect(message.attachments?.at(-1)?.fallback).toMatch(/^Customer 19 — /);
  });

  test('long ones are fewer per message', () => {
    const url = `${seed.customer.url}?${'q'.repeat(900)}`;
    const { message, included } = buildAlertMessage(
      copies({ ...seed, customer: { ...seed.customer, url } }, 20),
    );
    expect(included).toBeGreaterThan(1);
    expect(included).toBeLessThan(8);
    expect(message.attachments).toHaveLength(included);
    expect(message.text).toBe(`${included} alerts`);
    expect(limitViolations(message)).toEqual([]);
  });

  test('if only the first fits, it is a full alert', () => {
    const url = `${seed.customer.url}?${'q'.repeat(2900)}`;
    const huge = { ...seed, customer: { ...seed.customer, url } };
    const { message, included } = buildAlertMessage([huge, huge, huge]);
    expect(included).toBe(1);
    expect(message).toEqual(buildAlertMessage([huge]).message);
    expect(message.attachments?.[0]?.blocks).toHaveLength(4);
  });
});
