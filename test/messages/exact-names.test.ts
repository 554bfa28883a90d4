import { describe, expect, test } from 'vitest';
import { checkMessage } from '../../sandbox/slack/checks/message.ts';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { buildAlertMessage } from '../../src/messages/alert-message.ts';
import { buildDigest } from '../../src/messages/digest.ts';
import type { WebhookMessage } from '../../src/messages/webhook-message.ts';
import { sampleEvent } from '../support/sample-events.ts';

const seed = sampleEvent('seed-example');
const england = '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}';

const names = [
  'acme_corp',
  '*Starlight*',
  'a|b ~ `c`',
  'Support 10:30',
  'Booking.com',
  'Team :rocket:',
  `England ${england}`,
  'שלום בע"מ',
  'שלום_עולם',
  'شركة المثال 24',
];

const named = (name: string, id = 'evt'): PerlyEvent => ({
  ...seed,
  id,
  customer: { ...seed.customer, id: `cus_${id}`, name },
});

const builders: [string, (name: string) => WebhookMessage][] = [
  ['an alert of its own', (name) => buildAlertMessage([named(name)]).message],
  ['one of two alerts', (name) => buildAlertMessage([named(name, 'a'), named('Other', 'b')]).message],
  [
    'one of six alerts',
    (name) => buildAlertMessage(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => named(name, id))).message,
  ],
  ['a digest', (name) => buildDigest({ events: [named(name)], reason: 'quiet_hours' })],
];

describe.each(builders)('%s', (_, build) => {
  test.each(names)('shows %j unchanged, and without effect', (name) => {
    const message = build(name);
    expect(checkMessage(structuredClone(message))).toMatchObject({ ok: true });
    const part = renderMessage(message).find(({ colour }) => colour !== undefined);
    expect(part?.lines[0]?.replace(/[\u2068\u2069]/g, '')).toBe(`${name} — Health score dropped to 32 (-18)`);
    expect(part?.formats.filter((format) => format !== `bold: ${name}`)).toEqual([]);
    expect(part?.mentions).toEqual([]);
  });

  test('a right-to-left name is isolated, outside the link', () => {
    const [line = ''] = renderMessage(build('שלום')).find(({ colour }) => colour !== undefined)?.lines ?? [];
    expect(line).toBe('\u2068שלום\u2069 — Health score dropped to 32 (-18)');
    const links = renderMessage(build('שלום')).flatMap((part) => part.links);
    expect(links).toContainEqual({ label: 'שלום', url: seed.customer.url });
  });
});

test.each(names)('the text that mentions an owner shows %j unchanged, or not at all', (name) => {
  const mentioning = { ref: 'r'.repeat(16), revision: 0, owner: 'U0ANA00001' };
  const { message } = buildAlertMessage([named(name)], new Map([['evt', mentioning]]));
  const [own] = renderMessage(message);
  const drop = 'Health score dropped to 32 (-18)';
  expect([`@U0ANA00001: ${name} — ${drop}`, `@U0ANA00001: ${drop}`]).toContain(
    own?.lines.join().replace(/[\u2068\u2069]/g, ''),
  );
});

test('any name in a full alert is a link', () => {
  for (const name of names) {
    const links = renderMessage(buildAlertMessage([named(name)]).message).flatMap((part) => part.links);
    expect(links).toContainEqual({ label: name, url: seed.customer.url });
  }
});
