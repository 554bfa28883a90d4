import type { App } from '@slack/bolt';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import { goneNotice } from '../../home/managed-channel.ts';
import type { RulesEditor } from '../../home/rules-editor.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import { copy } from '../../views/copy.ts';
import { disconnectCallbackId } from '../../views/disconnect-modal.ts';
import {
  managersCallbackId,
  maxManagers,
  peopleBlockId,
  readManagersForm,
} from '../../views/managers-modal.ts';
import { pauseBlockId, pauseCallbackId, pauseEnd, pauseMetadataSchema } from '../../views/pause-modal.ts';
import { rulesCallbackId } from '../../views/rules-modal.ts';

export function register(
  app: App,
  clicks: ChannelClicks,
  { settings }: Pick<HomeServices, 'settings'>,
  editor: RulesEditor,
): void {
  clicks.onSubmit(app, rulesCallbackId, editor.save);

  clicks.onSubmit(app, pauseCallbackId, async ({ channel, viewer }, view) => {
    const metadata = pauseMetadataSchema.parse(JSON.parse(view.private_metadata));
    const field = view.state.values[pauseBlockId]?.[actionIds.pauseChoice];
    const result = await settings.pause(channel._id, pauseEnd(metadata, field), { kind: 'user', ...viewer });
    return result.kind === 'gone' ? { view: goneNotice() } : 'close';
  });

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

  // If the channel is gone already, that is what was wanted.
  clicks.onSubmit(app, disconnectCallbackId, async ({ channel, viewer }) => {
    await settings.disconnect(channel._id, { kind: 'user', ...viewer });
    return 'close';
  });
}
