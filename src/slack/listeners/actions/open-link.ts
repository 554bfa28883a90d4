import type { App } from '@slack/bolt';

/** A button that is a link sends an action too, and shows a warning sign to its user when nobody takes it. */
export function register(app: App): void {
  app.action(/^link_/, async ({ ack }) => {
    await ack();
  });
}
