import { App, ExpressReceiver, LogLevel } from '@slack/bolt';
import { onTestFinished } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { listen } from '../../../sandbox/slack/server.ts';

/** Bolt's logger, without a word. */
export const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/**
 * Slack's own Bolt as the app of a local Slack, listening on a free port until the test is over. More local Slacks can
 * be pointed at it, whose secret it does not know.
 */
export async function startBolt(slack: LocalSlack, ...strangers: LocalSlack[]): Promise<App> {
  const receiver = new ExpressReceiver({
    signingSecret: slack.signingSecret,
    logger: silent,
    unhandledRequestTimeoutMillis: 50,
  });
  const app = new App({
    receiver,
    logger: silent,
    convoStore: false,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    authorize: async () => {
      const installation = slack.installations.find(({ active }) => active);
      return installation === undefined ? {} : { botToken: installation.botToken, botId: installation.botId };
    },
  });
  const listening = await listen(receiver.app, 0);
  for (const one of [slack, ...strangers]) one.setAppUrl(listening.origin);
  onTestFinished(() => listening.close());
  return app;
}
