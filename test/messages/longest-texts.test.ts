import { describe, expect, test } from 'vitest';
import { checkMessage } from '../../sandbox/slack/checks/message.ts';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import { displayLengths, type PerlyEvent } from '../../src/domain/event.ts';
import type { AlertControls } from '../../src/messages/alert-controls.ts';
import { buildAlertMessage, rebuildAlertMessage } from '../../src/messages/alert-message.ts';
import { limitViolations } from '../../src/messages/block-kit/validate-message.ts';
import { toPlainText } from '../../src/messages/plain-text.ts';
import type { WebhookMessage } from '../../src/messages/webhook-message.ts';
import { readEvent } from '../../src/perly/read-event.ts';
import { controlsOn } from '../support/alert-controls.ts';
import { sampleEvent } from '../support/sample-events.ts';

const words = (length: number) =>
  'Usage of all seats fell again '
    .repeat(12)
    .slice(0, length - 1)
    .concat('.');
const letters = (unit: string) => (length: number) => unit.repeat(length);

/** Every text has its display length. */
function longest(toText: (length: number) => string = words, id = 'evt_longest'): PerlyEvent {
  const { event, warnings } = readEvent({
    ...sampleEvent('customer-at-risk'),
    id,
    customer: {
      id: `cus_${id}`,
      name: toText(displayLengths.name),
      url: 'https://app.perly.ai/customers/cus_longest',
      owner: { id: 'own_ana', name: toText(displayLengths.name) },
    },
    summary: toText(displayLengths.summary),
    signals: Array.from({ length: displayLengths.signals }, () => toText(displayLengths.signal)),
    suggested_action: toText(displayLengths.suggestedAction),
    details: Array.from({ length: displayLengths.details }, () => ({
      label: toText(displayLengths.label),
      value: toText(displayLengths.value),
    })),
  });
  expect(warnings).toEqual([]);
  return event;
}

const longestOf = (count: number, toText?: (length: number) => string) =>
  Array.from({ length: count }, (_, index) => longest(toText, `evt_${index}`));

const at = new Date('2046-09-28T23:23:00Z');
/** Everything that can be added to an alert. */
const marksWith = (reason: string): Partial<AlertControls> => ({
  acknowledged: { by: 'U0MILO0000002', at },
  muted: { by: 'W0DANA0000001', until: at, reason },
  notRepeated: { count: 99, since: at },
  owner: 'U0ANA00001',
});
const marks = marksWith('&'.repeat(150));

function expectAccepted(message: WebhookMessage): void {
  expect(limitViolations(message)).toEqual([]);
  expect(checkMessage(structuredClone(message))).toMatchObject({ ok: true });
}

const isWhole = (message: WebhookMessage) =>
  !renderLines(message).some((line) => line.includes('…') && !line.startsWith('['));

/** What an alert shows of the longest event, apart from its title, buttons and time. */
const wholeLines = [
  words(300),
  'Risk level: Critical',
  'Health score: 18 (-27)',
  `Signals: ${Array.from({ length: 5 }, () => words(200)).join(', ')} and 15 more`,
  `Suggested: ${words(300)}`,
  Array.from({ length: 8 }, () => `${words(40)}: ${words(120)}`).join(' · '),
  `Owner: ${words(300)}`,
];

describe('texts of up to their display lengths', () => {
  test('are shown whole in an alert', () => {
    const { message } = buildAlertMessage([longest()], controlsOn([longest()]));
    expectAccepted(message);
    const lines = renderLines(message);
    expect(lines[0]).toBe(`${words(300)} — Customer at risk`);
    expect(lines.slice(1, 1 + wholeLines.length)).toEqual(wholeLines);
  });

  test('are shown whole in plain text', () => {
    const { message } = toPlainText([longest()]);
    expectAccepted(message);
    expect(renderLines(message)).toEqual([
      `${words(300)} — Customer at risk`,
      ...wholeLines,
      'https://app.perly.ai/customers/cus_longest',
    ]);
  });

  test.each([1, 2])('are shown whole in a message of %i, also once people did all they can', (count) => {
    const events = longestOf(count);
    const { message, included } = buildAlertMessage(events, controlsOn(events));
    expect(included).toBe(count);
    const after = rebuildAlertMessage(
      events,
      controlsOn(events, () => marks),
    );
    for (const one of [message, after]) {
      expectAccepted(one);
      const lines = renderLines(one);
      for (const line of wholeLines.slice(0, -1))
        expect(lines.filter((shown) => shown === line)).toHaveLength(count);
    }
  });

  test.each([3, 4, 5])('are cut in a message of %i, which keeps the layout of a single alert', (count) => {
    const events = longestOf(count);
    const { message, included } = buildAlertMessage(events, controlsOn(events));
    expect(included).toBe(count);
    expectAccepted(message);
    for (const { blocks } of message.attachments ?? []) expect(blocks).toHaveLength(4);
    expect(renderLines(message).filter((line) => line.startsWith('Suggested: Usage'))).toHaveLength(count);
  });

  test.each([2, 3, 4])('are whole in a message of %i if that leaves room, also after clicks', (count) => {
    const outcomes = new Set<boolean>();
    for (const percent of [5, 30, 60, 80, 100]) {
      const events = longestOf(count, (length) => words(Math.ceil((length * percent) / 100)));
      const { message } = buildAlertMessage(events, controlsOn(events));
      const after = rebuildAlertMessage(
        events,
        controlsOn(events, () => marksWith(words(150))),
      );
      for (const one of [message, after]) expectAccepted(one);
      if (isWhole(message)) expect(JSON.stringify(message).length).toBeLessThanOrEqual(10_000);
      expect(isWhole(after)).toBe(isWhole(message));
      outcomes.add(isWhole(message));
    }
    expect([...outcomes]).toEqual(count === 2 ? [true] : [true, false]);
  });

  test.each(['&', '🚀', 'ש', '漢', '*'].flatMap((unit) => [1, 2, 5].map((count) => ({ unit, count }))))(
    'of $unit only: Slack accepts a message of $count, whatever people do',
    ({ unit, count }) => {
      const events = longestOf(count, letters(unit));
      for (const url of ['https://app.perly.ai/', `https://app.perly.ai/?${'&'.repeat(1978)}`]) {
        const there = events.map((event) => ({ ...event, customer: { ...event.customer, url } }));
        const { message, included } = buildAlertMessage(there, controlsOn(there));
        expectAccepted(message);
        const shown = there.slice(0, included);
        expectAccepted(
          rebuildAlertMessage(
            shown,
            controlsOn(shown, () => marks),
          ),
        );
        expectAccepted(toPlainText(there).message);
      }
    },
  );
});
