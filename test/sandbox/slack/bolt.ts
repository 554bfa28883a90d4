import { App, ExpressReceiver, LogLevel } from '@slack/bolt';
import { onTestFinished } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { listen } from '../../../sandbox/slack/server.ts';

/** A logger for Bolt that writes nothing. */
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
 * Bolt as the app of a local Slack, listening on a free port until the test is over. Other local Slacks, whose signing
 * secret it does not know, can use it as their app too.
 */
export async function startBolt(slack: LocalSlack, ...others: LocalSlack[]): Promise<App> {
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
  for (const one of [slack, ...others]) one.setAppUrl(listening.origin);
  onTestFinished(() => listening.close());
  return app;
}
