import type { App } from '@slack/bolt';
import { openInPerlyActionId } from '../../../messages/link-buttons.ts';

/** A link button sends an action too, and shows a warning sign to its user when nobody takes it. */
export function register(app: App): void {
  app.action(openInPerlyActionId, async ({ ack }) => {
    await ack();
  });
}
