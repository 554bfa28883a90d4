import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMessage } from '../../sandbox/slack/checks/message.ts';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { maxNotRepeated } from '../../src/domain/repeats.ts';
import type { AlertControls } from '../../src/messages/alert-controls.ts';
import { buildAlertMessage, rebuildAlertMessage } from '../../src/messages/alert-message.ts';
import { limitViolations } from '../../src/messages/block-kit/validate-message.ts';
import { buildDigest } from '../../src/messages/digest.ts';
import { parsePostedMessage } from '../../src/messages/parse-posted-message.ts';
import type { WebhookMessage } from '../../src/messages/webhook-message.ts';
import { controlsOn } from '../support/alert-controls.ts';
import { arbitraryEvent } from '../support/arbitrary-event.ts';
import { alertOf, busyNight, fortyCustomers } from '../support/digest-samples.ts';
import { percentDecoded } from '../support/harmless-text.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { sampleEvent } from '../support/sample-events.ts';

/** Slack's user ids have eleven characters; longer ones are allowed for. */
const by = fc.constantFrom('U0MILO0000002', 'W0DANA0000001', 'Perly', '!channel', '<!here>');
const at = fc.date({
  min: new Date('2001-01-01T00:00:00Z'),
  max: new Date('2096-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const status: fc.Arbitrary<Partial<AlertControls>> = fc.record(
  {
    acknowledged: fc.record({ by, at }),
    undone: fc.record({ by, at }),
    muted: fc.record({
      by,
      until: at,
      reason: fc.option(fc.string({ minLength: 1, maxLength: 150, unit: 'grapheme' }), { nil: undefined }),
    }),
    notRepeated: fc.record({ count: fc.integer({ min: 1, max: maxNotRepeated }), since: at }),
    revision: fc.constantFrom(0, 1, 99, 100),
  },
  { requiredKeys: [] },
);

/** Events with unique ids, and what people did with each. */
const done = fc
  .constantFrom(5, 25)
  .chain((maxLength) => fc.array(fc.tuple(arbitraryEvent, status), { minLength: 1, maxLength, size: 'max' }))
  .map((pairs) => ({
    events: pairs.map(([event], index): PerlyEvent => ({ ...event, id: `${index}` })),
    statuses: pairs.map(([, one]) => one),
  }));

function forAnyStatus(
  check: (events: PerlyEvent[], statuses: Partial<AlertControls>[]) => void,
  numRuns: number,
): void {
  fc.assert(
    fc.property(done, ({ events, statuses }) => check(events, statuses)),
    { numRuns: propertyRuns(numRuns), interruptAfterTimeLimit: 20_000 },
  );
}

function expectAccepted(message: WebhookMessage, events: readonly PerlyEvent[]): void {
  expect(limitViolations(message)).toEqual([]);
  expect(checkMessage(structuredClone({ ...message }))).toMatchObject({ ok: true });
  const addresses = events.map(({ customer }) => percentDecoded(new URL(customer.url).href));
  for (const { mentions, links } of renderMessage(message)) {
    for (const mentioned of mentions) expect(mentioned).toMatch(/^@?(U0MILO0000002|W0DANA0000001)$/);
    for (const { url } of links)
      expect([...addresses, 'https://app.perly.ai/']).toContain(percentDecoded(url));
  }
}

describe('for any alerts and any actions', () => {
  test('Slack accepts the message, with the same alerts in the same order', () => {
    forAnyStatus((events, statuses) => {
      // The number of repeats before it is known when it is posted.
      const posted = buildAlertMessage(
        events,
        controlsOn(events, (index) => ({ notRepeated: statuses[index]?.notRepeated })),
      );
      expectAccepted(posted.message, events);
      const shown = events.slice(0, posted.included);
      const message = rebuildAlertMessage(
        shown,
        controlsOn(shown, (index) => statuses[index] ?? {}),
      );
      expectAccepted(message, shown);
      expect(parsePostedMessage(message)).toEqual(parsePostedMessage(posted.message));
    }, 64);
  });

  test('Slack accepts the digest, with the same entries in the same order', () => {
    forAnyStatus((events, statuses) => {
      const input = { events, reason: 'broken', part: 'continued' } as const;
      const posted = buildDigest({ ...input, controls: controlsOn(events) });
      const message = buildDigest({
        ...input,
        controls: controlsOn(events, (index) => statuses[index] ?? {}),
        revision: 100,
      });
      expectAccepted(message, events);
      expect(entriesOf(message)).toEqual(entriesOf(posted));
      expect(parsePostedMessage(message)).toMatchObject({
        kind: 'digest',
        reason: 'broken',
        part: 'continued',
      });
    }, 32);
  });
});

describe('at Slack’s limits', () => {
  const marked = {
    acknowledged: { by: 'U0MILO0000002', at: new Date('2046-09-28T23:23:00Z') },
    muted: { by: 'W0DANA0000001', until: new Date('2046-09-30T23:23:00Z') },
    notRepeated: { count: maxNotRepeated, since: new Date('2046-09-27T23:23:00Z') },
  };
  const addresses = ['https://a.io/', 'https://app.perly.ai/customers/'].flatMap((origin) =>
    [0, 20, 30, 40, 60, 100, 700, 750, 800, 850, 900].map((length) => `${origin}${'q'.repeat(length)}`),
  );
  const lines = [{}, { signals: ['of a few words'] }, { suggested_action: 'Call them '.repeat(9) }];

  test.each(lines.flatMap((fields) => [5, 20].map((length) => ({ fields, length }))))(
    'there is room for what people do with all $length alerts, whatever their addresses: $fields',
    ({ fields, length }) => {
      for (const url of addresses) {
        const events = Array.from({ length }, (_, index): PerlyEvent => {
          const customer = { id: `cus_${index}`, name: 'x'.repeat(60), url };
          return { ...alertOf('x', index, { type: 'upsell_opportunity', ...fields }), customer };
        });
        const shown = events.slice(0, buildAlertMessage(events, controlsOn(events)).included);
        const message = rebuildAlertMessage(
          shown,
          controlsOn(shown, () => marked),
        );
        expectAccepted(message, shown);
        expect(JSON.stringify(message).match(/✓ Acknowledged by/g)).toHaveLength(shown.length);
      }
    },
  );
});

/** The refs of a digest's entries, in order. */
function entriesOf({ attachments = [] }: WebhookMessage): string[] {
  return attachments.flatMap(({ blocks }) => blocks[0]?.block_id?.slice(0, 16) ?? []);
}

const twice = { by: 'U0MILO00002', at: new Date('2026-03-02T14:20:00Z') };
const everything = { acknowledged: twice, muted: { by: twice.by, until: twice.at } };

test.each(['seed-example', 'customer-at-risk', 'expansion-signal', 'billing-retry-failed'] as const)(
  'at least fifteen of %s fit in one message, each with its actions',
  (name) => {
    const events = Array.from({ length: 25 }, (_, index) => ({ ...sampleEvent(name), id: `evt_${index}` }));
    const { included } = buildAlertMessage(events, controlsOn(events));
    expect(included).toBeGreaterThanOrEqual(15);
    const shown = events.slice(0, included);
    const message = rebuildAlertMessage(
      shown,
      controlsOn(shown, () => everything),
    );
    expect(message.attachments).toHaveLength(included);
    for (const { lines } of renderMessage(message).slice(1))
      expect(lines.join('\n')).toContain('✓ Acknowledged by');
  },
);

test('at least fifteen of many customers fit in a digest', () => {
  const digest = buildDigest({
    events: fortyCustomers,
    reason: 'quiet_hours',
    controls: controlsOn(fortyCustomers),
  });
  expect(digest.attachments?.length).toBeGreaterThanOrEqual(16);
});

describe('an entry of a digest', () => {
  const entry = (markOf: (index: number) => Partial<AlertControls>) =>
    renderMessage(
      buildDigest({ events: busyNight, reason: 'quiet_hours', controls: controlsOn(busyNight, markOf) }),
    )
      .slice(1)
      .flatMap(({ lines }) => lines)
      .join('\n');

  test('is acknowledged when all of its alerts are, by the first person', () => {
    const later = { by: 'U0DANA00001', at: new Date('2026-03-02T15:00:00Z') };
    const text = entry((index) => ({ acknowledged: index === 1 ? twice : later }));
    expect(text).toContain('✓ Acknowledged by @U0MILO00002 · 2 March 2026, 14:20 UTC');
    expect(text).not.toContain('Acknowledge |');
  });

  test('is undone as of its last acknowledgement', () => {
    const later = { by: 'U0DANA00001', at: new Date('2026-03-02T15:00:00Z') };
    const message = buildDigest({
      events: busyNight,
      reason: 'quiet_hours',
      controls: controlsOn(busyNight, (index) => ({ acknowledged: index === 1 ? later : twice })),
    });
    expect(JSON.stringify(message)).toContain(`"undo_${later.at.getTime()}"`);
  });

  test('is not acknowledged while one of its alerts is not', () => {
    const text = entry((index) => (index === 2 ? {} : { acknowledged: twice }));
    expect(text).not.toContain('✓');
    expect(text).toContain('| Acknowledge |');
  });
});

test('a muted customer can be unmuted, and a mute from Perly’s settings is shown as Perly’s', () => {
  const events = [alertOf('Acme', 1)];
  const muted = { by: 'Perly', until: new Date('2026-04-01T09:00:00Z') };
  const [part] = renderMessage(
    rebuildAlertMessage(
      events,
      controlsOn(events, () => ({ muted })),
    ),
  );
  expect(part?.lines).toContain('Muted until 1 April 2026, 09:00 UTC by Perly');
  expect(part?.lines.join('\n')).toContain('[Unmute]');
});

test.each([
  [undefined],
  [{}],
  [{ text: 'Acme', attachments: [{ fallback: 'x' }] }],
  [{ blocks: [{ type: 'section', block_id: 'digest.never.1.00' }] }],
  [{ attachments: [{ blocks: [{ block_id: 'x'.repeat(16) }] }] }],
  [{ attachments: 'none' }],
])('a message without our ids is not parsed: %j', (message) => {
  expect(parsePostedMessage(message)).toBeUndefined();
});

describe('similar alerts that were not repeated', () => {
  const event = sampleEvent('seed-example');
  const since = new Date('2026-03-01T09:00:00Z');
  const linesOf = (notRepeated: AlertControls['notRepeated'], rest: Partial<AlertControls> = {}) =>
    renderMessage(
      buildAlertMessage(
        [event],
        controlsOn([event], () => ({ ...rest, notRepeated })),
      ).message,
    ).flatMap(({ lines }) => lines);

  test.each([
    [1, '1 similar alert since 1 March 2026, 09:00 UTC was not repeated'],
    [3, '3 similar alerts since 1 March 2026, 09:00 UTC were not repeated'],
    [99, '99 similar alerts since 1 March 2026, 09:00 UTC were not repeated'],
    [maxNotRepeated, '100+ similar alerts since 1 March 2026, 09:00 UTC were not repeated'],
  ])('are counted: %i', (count, line) => {
    expect(linesOf({ count, since })).toContain(line);
  });

  test('are still shown after somebody acknowledges the alert', () => {
    const lines = linesOf({ count: 3, since }, { acknowledged: twice }).join('\n');
    expect(lines).toMatch(/3 similar alerts since .*✓ Acknowledged by/s);
  });

  test('are added up in an entry of a digest', () => {
    const events = [1, 2, 3].map((at) => alertOf('Acme', at, {}));
    const counts = [{ count: 98, since: new Date('2026-03-01T10:00:00Z') }, undefined, { count: 3, since }];
    const digest = buildDigest({
      events,
      reason: 'quiet_hours',
      controls: controlsOn(events, (index) => ({ notRepeated: counts[index] })),
    });
    expect(JSON.stringify(renderMessage(digest))).toContain('100+ similar alerts since 1 March 2026, 09:00');
  });
});
