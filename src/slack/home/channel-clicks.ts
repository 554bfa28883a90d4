import type { App, BlockButtonAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Channel } from '../../store/channels.ts';
import type { Viewer } from '../install/slack-links.ts';
import { channelOfBlock } from '../views/action-ids.ts';
import { findManaged } from './managed-channel.ts';
import { openModal } from './modals.ts';
import type { ViewsClient } from './publisher.ts';
import type { HomeServices } from './services.ts';
import { viewerOf } from './viewer-of.ts';

/** A channel of Home, and who wants something with it. */
export type ChannelClick = { channel: Channel; viewer: Viewer };

type Clicked = {
  body: { trigger_id: string; team: { id: string } | null; user: { id: string; team_id?: string } };
  client: ViewsClient;
  blockId: string;
};

export type ChannelClicks = ReturnType<typeof createChannelClicks>;

/** What the buttons of a channel have in common: a modal opens at once, and shows what the viewer may see. */
export function createChannelClicks({ channels, logger }: HomeServices) {
  /** Whose modal is being opened: the second click of a double click comes before its person sees the modal. */
  const opening = new Set<string>();

  /** Opens a modal for a channel of Home, unless the click is the second of a double click. */
  async function openFor(
    { body, client, blockId }: Clicked,
    title: string,
    build: (click: ChannelClick) => Promise<ModalView>,
  ): Promise<void> {
    const viewer = viewerOf(body);
    const who = `${body.team?.id} ${body.user.id}`;
    if (opening.has(who)) return;
    opening.add(who);
    await openModal({ client, triggerId: body.trigger_id, title, logger }, async () => {
      const found = await findManaged(channels, viewer, channelOfBlock(blockId));
      return 'refusal' in found ? found.refusal : build(found);
    }).finally(() => opening.delete(who));
  }

  return {
    openFor,
    /** A button of a channel that opens a modal. */
    onButton(
      app: App,
      actionId: string,
      title: string,
      build: (click: ChannelClick) => Promise<ModalView>,
    ): void {
      app.action<BlockButtonAction>(actionId, async ({ ack, action, body, client }) => {
        await ack();
        await openFor({ body, client, blockId: action.block_id }, title, build);
      });
    },
  };
}
