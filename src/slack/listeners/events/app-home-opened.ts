import type { App } from '@slack/bolt';
import type { HomePublisher } from '../../home/publisher.ts';

/** Somebody opened the app: its Home is built anew each time; its other tabs are Slack's own. */
export function register(app: App, publisher: HomePublisher): void {
  app.event('app_home_opened', async ({ event, client, context }) => {
    if (event.tab !== 'home' || context.teamId === undefined) return;
    await publisher.show(client, { teamId: context.teamId, userId: event.user, page: 0 });
  });
}
