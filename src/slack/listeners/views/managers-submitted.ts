import type { App } from '@slack/bolt';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import { goneNotice } from '../../home/managed-channel.ts';
import type { HomeServices } from '../../home/services.ts';
import { copy } from '../../views/copy.ts';
import { managersCallbackId, maxManagers, peopleBlockId } from '../../views/managers-modal.ts';
import { readManagersForm } from '../../views/read-managers-form.ts';

/** Other managers were chosen. */
export function register(app: App, clicks: ChannelClicks, { settings }: HomeServices): void {
  clicks.onSubmit(app, managersCallbackId, async ({ channel, viewer }, view) => {
    const { kind, metadata } = readManagersForm(view);
    const people = metadata.people.slice(0, maxManagers);
    if (kind === 'people' && people.length === 0)
      return { errors: { [peopleBlockId]: copy.managers.nobody } };
    const managers = kind === 'everyone' ? kind : people;
    const actor = { kind: 'user', ...viewer } as const;
    if (metadata.external !== (channel.externalAcknowledge ?? false))
      await settings.setExternalAcknowledge(channel._id, metadata.external, actor);
    const result = await settings.setManagers(channel._id, managers, actor);
    return result.kind === 'gone' ? { view: goneNotice() } : 'close';
  });
}
