import { describe, expect, test } from 'vitest';
import { renderLines, renderMessage } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { toPlainDigest } from '../../src/messages/digest.ts';
import { toPlainText } from '../../src/messages/plain-text.ts';
import type { WebhookMessage } from '../../src/messages/webhook-message.ts';
import { sampleEvent } from '../support/sample-events.ts';

const seed = sampleEvent('seed-example');

test('one alert is all its lines and the customer’s URL', () => {
  const { message, included } = toPlainText([seed]);
  expect(included).toBe(1);
  expect(message).toMatchObject({ mrkdwn: false, unfurl_links: false, unfurl_media: false });
  expect(message.attachments ?? message.blocks).toBeUndefined();
  expect(renderLines(message)).toEqual([
    'Acme Corp — Health score dropped to 32 (-18)',
    'Risk level: High',
    'Signals: Login frequency down 60%, payment failed twice, support tickets up',
    'Suggested: Schedule a check-in call with the account owner',
    'https://app.perly.ai/customers/cus_acme',
  ]);
});

test('a message of twenty alerts stays one message', () => {
  const { message, included } = toPlainText(Array.from({ length: 25 }, () => seed));
  expect(included).toBe(20);
  const lines = renderLines(message);
  expect(lines).toHaveLength(40);
  expect(lines[38]).toMatch(
    /^Acme Corp — Health score dropped to 32 \(-18\)\. Risk level: High\. Signals: Login/,
  );
  expect(message.text?.length).toBeLessThanOrEqual(4000);
});

test('none of Perly’s texts becomes a link', () => {
  const summary = 'see https://evil.example/x, evil.example, www.evil.example or me@evil.example';
  const [part] = renderMessage(toPlainText([{ ...seed, summary }]).message);
  expect(part?.links).toEqual([{ label: seed.customer.url, url: seed.customer.url }]);
});

describe.each<[string, (event: PerlyEvent) => WebhookMessage]>([
  ['an alert', (event) => toPlainText([event]).message],
  ['one of two alerts', (event) => toPlainText([event, seed]).message],
  ['a digest', (event) => toPlainDigest({ events: [event], reason: 'quiet_hours' })],
])('a name in %s that Slack would link to a website', (_, build) => {
  test.each(['Booking.com', 'my_app.io', 'https://acme.example', 'me@acme.example', 'שלום.com', 'R&D.io'])(
    'is shown unchanged, and links %j to the customer',
    (name) => {
      const [part] = renderMessage(build({ ...seed, customer: { ...seed.customer, name } }));
      const text = part?.lines.join('\n').replace(/[\u2068\u2069]/g, '');
      expect(text).toContain(`${name} — Health score dropped to 32 (-18)`);
      const others = part?.links.filter(({ label }) => label !== seed.customer.url);
      expect(others).toEqual([{ label: name, url: seed.customer.url }]);
    },
  );
});

test('no event is an error', () => {
  expect(() => toPlainText([])).toThrowError(expect.objectContaining({ code: 'no_events' }));
});
