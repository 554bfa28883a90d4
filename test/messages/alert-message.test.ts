import { describe, expect, test } from 'vitest';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import type { ControlsByEvent } from '../../src/messages/alert-controls.ts';
import { buildAlertMessage, rebuildAlertMessage } from '../../src/messages/alert-message.ts';
import { limitViolations } from '../../src/messages/block-kit/validate-message.ts';
import { controlsOn, marks } from '../support/alert-controls.ts';
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

describe('up to five events', () => {
  const alone = (events: readonly PerlyEvent[], controls: ControlsByEvent) =>
    events.flatMap((event) => buildAlertMessage([event], controls).message.attachments ?? []);

  test.each([2, 5])('%i keep the layout of a single one, each with its own buttons', (count) => {
    const events = copies(seed, count);
    const controls = controlsOn(events);
    const { message, included } = buildAlertMessage(events, controls);
    expect(included).toBe(count);
    expect(message.text).toBe(`${count} alerts`);
    expect(message.attachments).toEqual(alone(events, controls));
  });

  test('keep it when people acknowledge and mute them', () => {
    const events = copies(seed, 5);
    const controls = controlsOn(
      events,
      (index) => [{}, marks.acknowledged, marks.muted, marks.both][index] ?? {},
    );
    expect(rebuildAlertMessage(events, controls).attachments).toEqual(alone(events, controls));
  });

  test('are compact if Slack would refuse them in full', () => {
    const url = `${seed.customer.url}?${'q'.repeat(900)}`;
    const events = copies({ ...seed, customer: { ...seed.customer, url } }, 5);
    const { message, included } = buildAlertMessage(events, controlsOn(events));
    expect(included).toBe(5);
    for (const { blocks } of message.attachments ?? []) expect(blocks).toHaveLength(2);
  });
});

test('six events are compact', () => {
  const events = copies(seed, 6);
  const { message } = buildAlertMessage(events, controlsOn(events));
  for (const { blocks } of message.attachments ?? []) expect(blocks).toHaveLength(2);
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
