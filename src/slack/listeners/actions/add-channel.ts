import type { App, BlockButtonAction } from '@slack/bolt';
import { openModal } from '../../home/modals.ts';
import type { HomeServices } from '../../home/services.ts';
import { viewerOf } from '../../home/viewer-of.ts';
import { actionIds } from '../../views/action-ids.ts';
import { buildAddChannelModal } from '../../views/add-channel-modal.ts';
import { words } from '../../views/words.ts';

/** "Add channel" in a workspace of several accounts: which one is it for? With one account it is only a link. */
export function register(app: App, { links, listAccounts, logger }: HomeServices): void {
  app.action<BlockButtonAction>(actionIds.addChannel, async ({ ack, body, client }) => {
    await ack();
    const viewer = viewerOf(body);
    if (viewer === undefined) return;
    const { title } = words.addChannel;
    await openModal({ client, triggerId: body.trigger_id, title, logger }, async () => {
      const accounts = await listAccounts(viewer.teamId);
      const withUrls = accounts.map(async ({ accountId, accountName }) => ({
        accountId,
        accountName,
        url: await links.addChannel(viewer, accountId),
      }));
      return buildAddChannelModal(await Promise.all(withUrls));
    });
  });
}
