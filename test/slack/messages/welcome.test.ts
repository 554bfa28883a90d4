import { describe, expect, test } from 'vitest';
import { renderLines, renderMessage } from '../../../sandbox/slack/render/render-message.ts';
import { buildWelcomeMessage } from '../../../src/slack/messages/welcome.ts';

const options = { userId: 'U012AB3CD', perlyAppUrl: 'https://app.perly.ai', linked: true };

test('a linked channel is told who connected it, what it will show and where to change that', () => {
  const message = buildWelcomeMessage(options);
  const text = renderLines(message).join('\n');
  expect(text).toContain('@U012AB3CD connected this channel to Perly. Alerts are on.');
  expect(text).toContain('customers at risk, health score drops');
  expect(text).toMatch(/open Perly under Apps in the sidebar and go to its Home tab/);
  expect(renderMessage(message)[0]?.links).toEqual([{ label: 'Open Perly', url: 'https://app.perly.ai/' }]);
  expect(message.text).toBe('<@U012AB3CD> connected this channel to Perly. Alerts are on.');
});

test('a channel without an account is told that it waits, and what to do', () => {
  const message = buildWelcomeMessage({ ...options, linked: false });
  const text = renderLines(message).join('\n');
  expect(text).toContain('it waits for a Perly account');
  expect(text).toContain('link your Perly account');
  expect(text).not.toContain('Alerts are on');
});

describe('who connected it', () => {
  test.each([
    '',
    'here',
    '!here',
    '!subteam^S123',
    'U1> <!channel',
    'u012ab3cd',
    'C024BE7LR',
    'U012AB3CD|x',
    'U012\n',
  ])('is not mentioned by %j', (userId) => {
    for (const linked of [true, false]) {
      const message = buildWelcomeMessage({ ...options, userId, linked });
      expect(renderMessage(message).flatMap((part) => part.mentions)).toEqual([]);
      expect(message.text).toMatch(/^Someone connected this channel to Perly\./);
    }
  });

  test('can be a user of an Enterprise Grid', () => {
    expect(buildWelcomeMessage({ ...options, userId: 'W012AB3CD' }).text).toMatch(/^<@W012AB3CD> /);
  });
});
