import type { App } from '@slack/bolt';

/** A link button sends an action too, and shows a warning sign to its user when no listener acknowledges it. */
export function register(app: App, actionId: string | RegExp): void {
  app.action(actionId, async ({ ack }) => {
    await ack();
  });
}
