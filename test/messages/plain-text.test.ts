import { expect, test } from 'vitest';
import { renderLines, renderMessage } from '../../sandbox/slack/render/render-message.ts';
import { toPlainText } from '../../src/messages/plain-text.ts';
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

test('no event is an error', () => {
  expect(() => toPlainText([])).toThrowError(expect.objectContaining({ code: 'no_events' }));
});
