import type { App, BlockButtonAction } from '@slack/bolt';
import type { HomePublisher } from '../../home/publisher.ts';
import { viewerOf } from '../../home/viewer-of.ts';
import { actionIds } from '../../views/action-ids.ts';

/** Previous and Next on a Home of many channels. */
export function register(app: App, publisher: HomePublisher): void {
  for (const id of [actionIds.previousPage, actionIds.nextPage])
    app.action<BlockButtonAction>(id, async ({ ack, action, body, client }) => {
      await ack();
      const viewer = viewerOf(body);
      const page = Number(action.value);
      if (viewer !== undefined && Number.isInteger(page) && page >= 0)
        await publisher.show(client, { ...viewer, page });
    });
}
