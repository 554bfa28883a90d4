import { afterAll, beforeAll } from 'vitest';
import { type LocalSlack, startLocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { connect, post } from './slack.ts';

/** Slack's answer to a message, and the errors that it recorded. */
export type PostResult = { body: string; problems: [pointer: string, message: string][] };

/** Starts one local Slack with one webhook for all tests of a file. @returns a function that posts to the webhook */
export function connectedWebhook(): (payload: unknown) => Promise<PostResult> {
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
