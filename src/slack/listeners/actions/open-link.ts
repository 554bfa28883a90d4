import type { App } from '@slack/bolt';

/** Link buttons send an action too; Slack shows its user a warning sign if no listener acknowledges it. */
export function register(app: App, actionId: string | RegExp): void {
  app.action(actionId, async ({ ack }) => {
    await ack();
  });
}
