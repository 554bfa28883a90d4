import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { allSamples, checkSlack, type Sample } from './check-slack.ts';

let running: TestApp;
let token: string;
let lines: string[];
beforeAll(async () => {
  running = await startTestApp();
  await running.connect('#customer-health', 'acct_demo');
  token = running.slack.installations[0]?.botToken ?? '';
});
beforeEach(() => {
  lines = [];
});
afterAll(() => running.close());

const check = (samples?: readonly Sample[], as = token) =>
  checkSlack({
    token: as,
    apiUrl: running.slack.apiUrl,
    print: (line) => lines.push(line),
    ...(samples && { samples }),
  });

test('Slack accepts every golden message and a sample of every view, and nothing is posted', async () => {
  const before = running.slack.messages().length;
  expect(await check()).toBe(0);
  expect(allSamples().length).toBeGreaterThan(35);
  expect(lines).toEqual([`${allSamples().length} of ${allSamples().length} accepted`]);
  expect(running.slack.messages()).toHaveLength(before);
});

test('what Slack refuses is printed with its path, including attachments', async () => {
  const tooLong = { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } } as const;
  const code = await check([
    { name: 'good', message: { blocks: [{ type: 'divider' }] } },
    { name: 'only text', message: { text: 'hello' } },
    { name: 'blocks', message: { blocks: [tooLong] } },
    { name: 'attachment', message: { attachments: [{ color: '#98A2B3', blocks: [tooLong] }] } },
    { name: 'view', view: { type: 'home', blocks: [tooLong] } },
  ]);
  expect(code).toBe(1);
  expect(lines).toEqual([
    'refused: blocks',
    expect.stringMatching(/^ {2}\/message\/blocks\/0\/text\/text must be less than 151 characters/),
    'refused: attachment',
    expect.stringMatching(/^ {2}\/message\/attachments\/0\/blocks\/0\/text\/text must/),
    'refused: view',
    expect.stringMatching(/^ {2}\/view\/blocks\/0\/text\/text must/),
    '2 of 5 accepted',
  ]);
});

test('without a token it says how to get one', async () => {
  expect(await check([], '')).toBe(1);
  expect(lines.join('\n')).toMatch(/SLACK_BOT_TOKEN[\s\S]*OAuth & Permissions/);
});

test('a token that Slack rejects is not in the output', async () => {
  const unknown = 'xoxb-000-secret';
  expect(await check(undefined, unknown)).toBe(1);
  expect(lines).toEqual(['Slack does not take the token: invalid_auth']);
});
