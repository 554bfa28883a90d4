import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { installPath } from '../../src/slack/install/install-route.ts';
import { linkPath } from '../../src/slack/install/link-route.ts';
import { createSlackLinks, type SlackLinks } from '../../src/slack/install/slack-links.ts';
import type { TestApp } from './test-app.ts';

/** Makes links as the app does for buttons in Slack. */
export function slackLinksOf(
  { config, url }: Pick<TestApp, 'config' | 'url'>,
  clock: Pick<Clock, 'now'> = systemClock,
): SlackLinks {
  return createSlackLinks({
    secrets: config.appSecrets,
    appUrl: url,
    paths: { install: installPath, linkAccount: linkPath },
    clock,
  });
}
