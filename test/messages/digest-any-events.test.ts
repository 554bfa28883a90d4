import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMessage } from '../../sandbox/slack/checks/message.ts';
import { renderLines, renderMessage } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { type RiskLevel, riskLevels } from '../../src/domain/vocabulary.ts';
import { limitViolations } from '../../src/messages/block-kit/validate-message.ts';
import { buildDigest, toPlainDigest } from '../../src/messages/digest.ts';
import type { DigestInput } from '../../src/messages/digest-header.ts';
import { arbitraryEvent } from '../support/arbitrary-event.ts';
import { expectHarmlessText, percentDecoded } from '../support/harmless-text.ts';
import { propertyRuns } from '../support/property-runs.ts';

const builders = [
  ['digest', buildDigest],
  ['plain digest', toPlainDigest],
] as const;

/** Up to 45 customers, some with several events. */
const arbitraryEvents = fc
  .tuple(
    fc.constantFrom(1, 5, 20, 45),
    fc.array(fc.tuple(arbitraryEvent, fc.nat()), { minLength: 1, maxLength: 60, size: 'max' }),
  )
  .map(([customers, drawn]) =>
    drawn.map(([event, number]): PerlyEvent => {
      const id = `cus_${number % customers}`;
      return { ...event, customer: { ...event.customer, id } };
    }),
  );

/** With distinct customer names. */
const namedEvents = arbitraryEvents.map((events) =>
  events.map((event): PerlyEvent => ({ ...event, customer: { ...event.customer, name: event.customer.id } })),
);

const context = fc.record(
  {
    reason: fc.constantFrom('quiet_hours' as const, 'daily' as const, 'broken' as const),
    part: fc.constantFrom('first' as const, 'continued' as const),
  },
  { requiredKeys: ['reason'] },
);

function forAnyDigest(
  events: fc.Arbitrary<readonly PerlyEvent[]>,
  check: (input: DigestInput) => void,
): void {
  const input = fc.tuple(events, context).map(([list, rest]) => ({ ...rest, events: list }));
  // Without a limit, shrinking a failing event can take minutes.
  fc.assert(fc.property(input, check), { numRuns: propertyRuns(12), interruptAfterTimeLimit: 20_000 });
}

/** The customers' names in order, and how many more there are. */
function read(lines: readonly string[]): { names: string[]; more: number } {
  return {
    names: lines.flatMap((line) => /^(cus[_ˍ]\d+) — /.exec(line)?.[1]?.replace('ˍ', '_') ?? []),
    more: Number(/^and (\d+) more customers?: /m.exec(lines.join('\n'))?.[1] ?? 0),
  };
}

/** A customer's present risk level, computed in a simple way. */
function levelNow(events: readonly PerlyEvent[], customer: string): RiskLevel | undefined {
  let level: RiskLevel | undefined;
  let knownAt = Number.NEGATIVE_INFINITY;
  for (const { customer: of, occurred_at, risk_level } of events) {
    if (of.id !== customer || risk_level === undefined || Date.parse(occurred_at) < knownAt) continue;
    level = risk_level;
    knownAt = Date.parse(occurred_at);
  }
  return level;
}

describe.each(builders)('for any valid events, the %s', (name, build) => {
  test('keeps every limit of Slack', () => {
    forAnyDigest(arbitraryEvents, (input) => {
      const message = build(input);
      expect(limitViolations(message)).toEqual([]);
      expect(checkMessage(structuredClone(message))).toMatchObject({ ok: true });
    });
  });

  test('shows or counts every customer once, worst first', () => {
    forAnyDigest(namedEvents, (input) => {
      const customers = new Set(input.events.map(({ customer }) => customer.id));
      const { names, more } = read(renderLines(build(input)));
      expect(names.length).toBeGreaterThan(0);
      expect(new Set(names).size).toBe(names.length);
      expect(names.length + more).toBe(customers.size);
      const rank = (customer: string) => {
        const level = levelNow(input.events, customer);
        return level === undefined ? -1 : riskLevels.indexOf(level);
      };
      const ranks = [...customers].map(rank).sort((a, b) => b - a);
      expect(names.map(rank)).toEqual(ranks.slice(0, names.length));
    });
  });

  test('mentions nobody, formats nothing but the names, and links only to the customers and to Perly', () => {
    forAnyDigest(arbitraryEvents, (input) => {
      const message = build(input);
      const addresses = input.events.map(({ customer }) => percentDecoded(new URL(customer.url).href));
      addresses.push('https://app.perly.ai/');
      // Notifications read the text, even if there are blocks.
      for (const part of [
        ...renderMessage(message),
        ...renderMessage({ text: message.text, mrkdwn: false }),
      ]) {
        expect(part.mentions).toEqual([]);
        expect(part.formats.filter((format) => !format.startsWith('bold: '))).toEqual([]);
        expect(part.formats.length).toBeLessThanOrEqual(part.colour === undefined ? 0 : 1);
        for (const { url } of part.links) expect(addresses).toContain(percentDecoded(url));
      }
    });
  });

  test('is deterministic, has no half characters, nothing invisible, and no markup but ours', () => {
    forAnyDigest(arbitraryEvents, (input) => {
      const message = build(input);
      expect(build(structuredClone(input))).toEqual(message);
      expectHarmlessText(message);
    });
  });

  if (name === 'digest')
    test('has three lines for each entry', () => {
      forAnyDigest(arbitraryEvents, (input) => {
        const [opening, ...entries] = renderMessage(build(input));
        expect(opening?.lines.length).toBeLessThanOrEqual(2);
        for (const { lines } of entries) expect(lines.length).toBeLessThanOrEqual(3);
      });
    });
});
