import { describe, expect, test } from 'vitest';
import { renderLines, renderMessage } from '../../sandbox/slack/render/render-message.ts';
import { buildLinkedMessage, buildWelcomeMessage } from '../../src/messages/channel-messages.ts';

const homeUrl = 'https://slack.com/app_redirect?app=A1&team=T1';
const account = { accountId: 'acct_acme', accountName: 'Acme Inc.' };
const options = {
  userId: 'U012AB3CD',
  perlyAppUrl: 'https://app.perly.ai',
  homeUrl,
  account,
  isShared: false,
};

test('a linked channel is told who connected it, what it will show and where to change that', () => {
  const message = buildWelcomeMessage(options);
  const text = renderLines(message).join('\n');
  expect(text).toContain('@U012AB3CD connected this channel to Perly. Alerts are on.');
  expect(text).toContain('customers at risk, health score drops');
  expect(text).toContain('Next: choose in Perly’s Home which alerts this channel gets, and when.');
  expect(renderMessage(message)[0]?.links).toEqual([
    { label: 'Change the rules', url: homeUrl },
    { label: 'Open Perly', url: 'https://app.perly.ai/' },
  ]);
  expect(text).toContain('Perly account: Acme Inc.');
  expect(message.text).toBe(
    '<@U012AB3CD> connected this channel to Perly. Alerts are on. Perly account: Acme Inc.',
  );
});

test('a channel that is paused is not told that alerts are on', () => {
  const welcome = buildWelcomeMessage({ ...options, isPaused: true });
  for (const message of [welcome, buildLinkedMessage(account, homeUrl, true)]) {
    expect(renderLines(message)[0]).toContain('Alerts are paused.');
    expect(JSON.stringify(message)).not.toContain('Alerts are on');
  }
});

test('a channel without an account is told that it is waiting, and what to do', () => {
  const message = buildWelcomeMessage({ ...options, account: undefined });
  const text = renderLines(message).join('\n');
  expect(text).toContain('it is waiting for a Perly account');
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
    for (const each of [account, undefined]) {
      const message = buildWelcomeMessage({ ...options, userId, account: each });
      expect(renderMessage(message).flatMap((part) => part.mentions)).toEqual([]);
      expect(message.text).toMatch(/^Someone connected this channel to Perly\./);
    }
  });

  test('can be a user of an Enterprise Grid', () => {
    expect(buildWelcomeMessage({ ...options, userId: 'W012AB3CD' }).text).toMatch(/^<@W012AB3CD> /);
  });
});

describe('the account', () => {
  test('without a name is called by its id, unchanged', () => {
    const message = buildWelcomeMessage({ ...options, account: { accountId: 'acct_7', accountName: null } });
    expect(renderLines(message).join('\n')).toContain('Perly account: acct_7');
  });

  test('mentions nobody and links nowhere, whatever its name', () => {
    const accountName = '<!channel> <https://evil.example|Acme> *Inc*\u202e';
    const message = buildWelcomeMessage({ ...options, account: { accountId: 'acct_7', accountName } });
    const [part] = renderMessage(message);
    expect(part?.mentions).toEqual(['@U012AB3CD']);
    expect(part?.links.map(({ url }) => url)).toEqual([homeUrl, 'https://app.perly.ai/']);
    expect(message.text).not.toContain('<!channel>');
  });
});
