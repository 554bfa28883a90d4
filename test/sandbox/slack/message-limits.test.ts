import { describe, expect, test } from 'vitest';
import { list, mrkdwn, plain, s, section } from './block-kit.ts';
import { connectedWebhook } from './connected-webhook.ts';

const say = connectedWebhook();

describe('a message as a whole', () => {
  type Case = [error: string, limit: number, message: (size: number) => object, pointer: string];
  test.each<Case>([
    ['msg_too_long', 40_000, (n) => ({ text: s(n) }), '/text'],
    ['invalid_blocks', 50, (n) => ({ blocks: list(n, () => ({ type: 'divider' })) }), '/blocks'],
    ['too_many_attachments', 100, (n) => ({ attachments: list(n, () => ({ text: 'a' })) }), '/attachments'],
    [
      'invalid_attachments',
      49,
      (n) => ({ blocks: [section()], attachments: list(n, () => ({ blocks: [section()] })) }),
      '/attachments',
    ],
    [
      'msg_blocks_too_long',
      1200,
      (n) => ({
        blocks: list(4, () => ({ type: 'section', text: plain(s(3000)) })),
        attachments: [{ blocks: [{ type: 'section', text: mrkdwn(s(n)) }] }],
      }),
      '',
    ],
    [
      'invalid_attachments',
      300,
      (n) => ({ attachments: [{ text: 'a', footer: s(n) }] }),
      '/attachments/0/footer',
    ],
  ])('%s beyond %d', async (error, limit, message, pointer) => {
    expect((await say(message(limit))).body).toBe('ok');
    const { body, problems } = await say(message(limit + 1));
    expect([body, problems.map(([at]) => at)]).toEqual([error, [pointer]]);
  });

  test.each([
    ['a field that Slack does not know', { text: 'a', colour: 'red' }, 'invalid additional property: colour'],
    [
      'a channel of its own choice',
      { text: 'a', channel: '#general' },
      'invalid additional property: channel',
    ],
    ['a name of its own choice', { text: 'a', username: 'b' }, 'invalid additional property: username'],
    ['a text that is none', { text: 5 }, 'must provide a string'],
    [
      'what only a response_url takes',
      { text: 'a', replace_original: true },
      'invalid additional property: replace_original',
    ],
  ])('is refused with %s', async (_what, payload, message) => {
    const { body, problems } = await say(payload);
    expect([body, problems[0]?.[1]]).toEqual(['invalid_payload', message]);
  });

  test('counts text as it was sent, with its entities and surrogate pairs', async () => {
    expect((await say({ blocks: [{ type: 'header', text: plain('&amp;'.repeat(30)) }] })).body).toBe('ok');
    expect((await say({ blocks: [{ type: 'header', text: plain(`${'&amp;'.repeat(30)}!`) }] })).body).toBe(
      'invalid_blocks',
    );
    expect((await say({ blocks: [{ type: 'header', text: plain('😀'.repeat(76)) }] })).body).toBe(
      'invalid_blocks',
    );
  });
});

describe('attachments', () => {
  test.each<[what: string, attachment: object, pointer: string]>([
    ['with nothing to read', { color: 'good' }, ''],
    ['with a colour by name', { text: 'a', color: 'red' }, '/color'],
    ['with half a colour', { text: 'a', color: '#fff' }, '/color'],
    ['with text beside blocks', { text: 'a', blocks: [section()] }, ''],
    ['with a footer beside blocks', { footer: 'a', blocks: [section()] }, ''],
    ['with no blocks in blocks', { fallback: 'a', blocks: [] }, '/blocks'],
    ['with buttons of old', { text: 'a', actions: [] }, ''],
    ['with a title to nowhere', { text: 'a', title: 'a', title_link: 'b' }, '/title_link'],
  ])('%s are refused', async (_what, attachment, pointer) => {
    const { body, problems } = await say({ text: 'a', attachments: [attachment] });
    expect([body, problems[0]?.[0]]).toEqual(['invalid_attachments', `/attachments/0${pointer}`]);
  });

  test.each([
    { color: 'danger', fallback: 'a' },
    { color: '#D92D20', fallback: 'a', blocks: [section()] },
    { text: 'a', footer: 'b', ts: 1_700_000_000 },
  ])('like %o are accepted', async (attachment) => {
    expect(await say({ attachments: [attachment] })).toEqual({ body: 'ok', problems: [] });
  });
});
