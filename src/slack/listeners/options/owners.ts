import type { App } from '@slack/bolt';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import { ownerOptions } from '../../views/owner-fields.ts';

export function register(app: App, clicks: ChannelClicks, { owners }: Pick<HomeServices, 'owners'>): void {
  app.options<'block_suggestion'>(actionIds.rulesOwners, async ({ ack, options, body }) => {
    const click = await clicks.findOfModal(body);
    const accountId = click?.channel.accountId ?? null;
    const seen = accountId === null ? [] : await owners.listSeen(accountId);
    await ack({ options: ownerOptions(seen, options.value) });
  });
}
