import type { App } from '@slack/bolt';

/** Slack shows a warning sign if no listener acknowledges a link button. */
export function register(app: App, actionId: string | RegExp): void {
  app.action(actionId, async ({ ack }) => {
    await ack();
  });
}
