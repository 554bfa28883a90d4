import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMessage } from '../../sandbox/slack/checks/message.ts';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { buildAlertMessage } from '../../src/messages/alert-message.ts';
import { limitViolations } from '../../src/messages/block-kit/validate-message.ts';
import { toPlainText } from '../../src/messages/plain-text.ts';
import { arbitraryEvent } from '../support/arbitrary-event.ts';
import { expectHarmlessText, percentDecoded } from '../support/harmless-text.ts';
import { propertyRuns } from '../support/property-runs.ts';

const builders = [
  ['alert', buildAlertMessage],
  ['plain text', toPlainText],
] as const;

function forAnyEvents(check: (events: PerlyEvent[]) => void, numRuns: number): void {
  const events = fc.oneof(
    { arbitrary: fc.array(arbitraryEvent, { minLength: 1, maxLength: 5 }), weight: 2 },
    { arbitrary: fc.array(arbitraryEvent, { minLength: 6, maxLength: 25, size: 'max' }), weight: 1 },
  );
  // Without a limit, shrinking a failing event can take minutes.
  fc.assert(fc.property(events, check), { numRuns: propertyRuns(numRuns), interruptAfterTimeLimit: 20_000 });
}

describe.each(builders)('for any valid events, the %s', (_name, build) => {
  test('keeps every limit of Slack, and includes at least one', () => {
    forAnyEvents((events) => {
      const { message, included } = build(events);
      expect(limitViolations(message)).toEqual([]);
      expect(checkMessage(structuredClone(message))).toMatchObject({ ok: true });
      expect(included).toBeGreaterThanOrEqual(1);
      expect(included).toBeLessThanOrEqual(Math.min(20, events.length));
    }, 40);
  });

  test('mentions nobody, formats nothing but the name, and links only to the customers', () => {
    forAnyEvents((events) => {
      const { message, included } = build(events);
      const shown = events.slice(0, included);
      const addresses = shown.map(({ customer }) => percentDecoded(new URL(customer.url).href));
      for (const part of renderMessage(message)) {
        expect(part.mentions).toEqual([]);
        expect(part.formats.filter((format) => !format.startsWith('bold: '))).toEqual([]);
        expect(part.formats.length).toBeLessThanOrEqual(part.colour === undefined ? 0 : 1);
        for (const { url } of part.links) expect(addresses).toContain(percentDecoded(url));
      }
    }, 40);
  });

  test('is deterministic, has no half characters, nothing invisible, and no markup but ours', () => {
    forAnyEvents((events) => {
      const { message } = build(events);
      expect(build(structuredClone(events)).message).toEqual(message);
      expectHarmlessText(message);
    }, 40);
  });

  test('has no line break inside a value', () => {
    forAnyEvents(([event]) => {
      if (event === undefined) return;
      const [part] = renderMessage(build([event]).message);
      const optional = [event.summary, event.risk_level, event.health_score, event.suggested_action];
      const parts = optional.filter((value) => value !== undefined && value !== '').length;
      const lists = [event.signals, event.details].filter(
        (list) => list !== undefined && list.length > 0,
      ).length;
      const owner = event.customer.owner === undefined ? 0 : 1;
      expect(part?.lines.length).toBeLessThanOrEqual(parts + lists + owner + 3);
    }, 40);
  });
});
