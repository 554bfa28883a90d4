import type { App } from '@slack/bolt';
import { expect } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { startBolt } from './bolt.ts';
import { connect, start } from './slack.ts';

export const plain = (text: string) => ({ type: 'plain_text' as const, text });
export const divider = { type: 'divider' as const };
export const home = (more: object = {}) => ({ type: 'home', blocks: [divider], ...more });
export const modal = (more: object = {}) => ({
  type: 'modal',
  title: plain('Rules'),
  blocks: [divider],
  ...more,
});
export const textInput = (blockId: string, element: object = {}, more: object = {}) => ({
  type: 'input',
  block_id: blockId,
  label: plain(blockId),
  element: { type: 'plain_text_input', action_id: `${blockId}-in`, ...element },
  ...more,
});

/** The fields of a Web API answer that the tests read. */
interface Answer {
  ok: boolean;
  error?: string;
  view: { id: string; hash: string; root_view_id: string; previous_view_id: string | null };
  response_metadata?: { messages: string[] };
}

export interface ViewsFixture {
  slack: LocalSlack;
  app: App;
  /** Uses the bot token by default. */
  call(method: string, parameters: object, token?: string | null): Promise<Answer>;
  /** A new trigger of Dana's, from a click on her Home tab. */
  trigger(): Promise<string>;
  now: { ms: number };
}

/** A local Slack with Bolt as its app, and a button on Dana's Home tab. */
export async function setupViews(): Promise<ViewsFixture> {
  const now = { ms: 1_700_000_000_000 };
  const slack = await start({ clock: () => now.ms });
  const app = await startBolt(slack);
  const { access_token: botToken } = await connect(slack, 'general');
  const call: ViewsFixture['call'] = async (method, parameters, token = botToken) => {
    const response = await fetch(slack.apiUrl + method, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(parameters),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  };
  const triggers: string[] = [];
  app.action('start', async ({ ack, body }) => {
    if ('trigger_id' in body) triggers.push(body.trigger_id);
    await ack();
  });
  const start_ = {
    type: 'actions',
    elements: [{ type: 'button', action_id: 'start', text: plain('Start') }],
  };
  await call('views.publish', { user_id: 'U0DANA00001', view: home({ blocks: [start_] }) });
  const trigger = async () => {
    await slack.click({ user: 'dana', on: 'home', actionId: 'start' });
    return triggers.at(-1) ?? '';
  };
  return { slack, app, call, trigger, now };
}
