import type { App, BlockButtonAction } from '@slack/bolt';
import { distinguishAccounts } from '../../../messages/account-name.ts';
import { openModal } from '../../home/modals.ts';
import type { HomeServices } from '../../home/services.ts';
import { personOfView } from '../../home/view-person.ts';
import { actionIds } from '../../views/action-ids.ts';
import { buildAddChannelModal } from '../../views/add-channel-modal.ts';
import { copy } from '../../views/copy.ts';

/** "Add channel" in a workspace with several accounts asks which one it is for. With one account it is only a link. */
export function register(app: App, services: HomeServices): void {
  const { links, listAccounts, logger } = services;
  app.action<BlockButtonAction>(actionIds.addChannel, async ({ ack, body }) => {
    await ack();
    const person = await personOfView(services, body);
    if (person === undefined) return;
    const { viewer, client } = person;
    const { title } = copy.addChannel;
    await openModal({ client, triggerId: body.trigger_id, title, logger }, async () => {
      const accounts = distinguishAccounts(await listAccounts(viewer.teamId));
      const withUrls = accounts.map(async ({ accountId, accountName }) => ({
        accountId,
        accountName,
        url: await links.addChannel(viewer, accountId),
      }));
      return buildAddChannelModal(await Promise.all(withUrls));
    });
  });
}
