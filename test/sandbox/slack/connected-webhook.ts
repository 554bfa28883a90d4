import { afterAll, beforeAll } from 'vitest';
import { type LocalSlack, startLocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { connect, post } from './slack.ts';

/** What Slack answered to a message, and what it complained about: pointer and words. */
export type Said = { body: string; problems: [pointer: string, message: string][] };

/** One local Slack with one webhook for a whole file of tests; returns what posts to it. */
export function connectedWebhook(): (payload: unknown) => Promise<Said> {
  let slack: LocalSlack;
  let url: string;

  beforeAll(async () => {
    slack = await startLocalSlack({ enforceRate: false });
    url = (await connect(slack, 'general')).incoming_webhook.url;
  });

  afterAll(async () => {
    await slack.close();
  });

  return async (payload) => {
    const before = slack.refusals.length;
    const { body } = await post(url, payload);
    return { body, problems: slack.refusals.slice(before).map(({ pointer, message }) => [pointer, message]) };
  };
}
