import { afterEach, beforeEach, expect, test } from 'vitest';
import { slackRequests } from '../../support/slack-requests.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

const channelId = 'T0ACMECS001:C0HEALTH001';
let running: TestApp;
const { click, postForm } = slackRequests(() => running);

beforeEach(async () => {
  running = await startTestApp();
  await running.seedChannel('#customer-health', 'acct_demo');
  // Where everyone may manage, belonging to the workspace or its organisation is enough.
  await running.db
    .collection('channels')
    .updateOne(
      { slackChannelId: 'C0HEALTH001' },
      { $set: { managers: 'everyone', pausedUntil: 'until_resumed' } },
    );
});
afterEach(() => running.close());

/** Waits until the click was handled. @returns whether the channel is still paused */
async function resumeIn(homeOf: string, person: object): Promise<boolean> {
  const answer = await postForm(
    click({
      ...person,
      view: { private_metadata: JSON.stringify({ teamId: homeOf }) },
      actions: [{ type: 'button', action_id: 'channel_resume', block_id: `channel ${channelId}` }],
    }),
  );
  expect(answer.status).toBe(200);
  await running.app.stop();
  const channel = await running.db.collection('channels').findOne({ slackChannelId: 'C0HEALTH001' });
  return channel?.pausedUntil === 'until_resumed';
}

test('a button in a Home does nothing for a channel of another workspace, whatever organisation its person is of', async () => {
  const mallory = {
    team: { id: 'T0EVIL00001', enterprise_id: 'E0EVIL00001' },
    enterprise: { id: 'E0EVIL00001' },
    user: { id: 'U0MALLORY01', team_id: 'T0EVIL00001' },
  };
  expect(await resumeIn('T0EVIL00001', mallory)).toBe(true);
});

test('the same button does what it says in the Home of that workspace', async () => {
  expect(await resumeIn('T0ACMECS001', {})).toBe(false);
});
