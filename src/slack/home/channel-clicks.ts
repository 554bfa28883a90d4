import type { App, BlockButtonAction, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Channel } from '../../store/channels.ts';
import type { Viewer } from '../install/slack-links.ts';
import { channelOfBlock } from '../views/action-ids.ts';
import { buildNotice } from '../views/modal.ts';
import { words } from '../views/words.ts';
import { answerSubmission, type Outcome } from './answer-submission.ts';
import { findManaged } from './managed-channel.ts';
import { openModal, updateModal } from './modals.ts';
import type { ViewsClient } from './publisher.ts';
import type { HomeServices } from './services.ts';
import { viewerOf } from './viewer-of.ts';

/** A channel, and who wants something with it: one of its managers. */
export type ChannelClick = { channel: Channel; viewer: Viewer };

type Clicked = {
  body: { trigger_id: string } & Parameters<typeof viewerOf>[0];
  client: ViewsClient;
  blockId: string;
};

/** What each modal of a channel carries. */
const metadataSchema = z.looseObject({ channelId: z.string() });

export type ChannelClicks = ReturnType<typeof createChannelClicks>;

/**
 * What everything that is done with a channel has in common: Slack is answered at once, the channel and the viewer's
 * right to change it are looked up, and if there is something wrong with either, a modal says what.
 */
export function createChannelClicks({ channels, clock, timeouts, logger }: HomeServices) {
  /** Whose modal is being opened: the second click of a double click comes before its person sees the modal. */
  const opening = new Set<string>();

  const find = (body: Parameters<typeof viewerOf>[0], channelId: string) =>
    findManaged(channels, viewerOf(body), channelId);

  /** Opens a modal for a channel of Home. */
  async function openFor(
    { body, client, blockId }: Clicked,
    title: string,
    build: (click: ChannelClick) => Promise<ModalView>,
  ): Promise<void> {
    const who = `${body.team?.id} ${body.user.id}`;
    if (opening.has(who)) return;
    opening.add(who);
    await openModal({ client, triggerId: body.trigger_id, title, logger }, async () => {
      const found = await find(body, channelOfBlock(blockId));
      return 'refusal' in found ? found.refusal : build(found);
    }).finally(() => opening.delete(who));
  }

  return {
    openFor,

    /** A button of a channel in Home that opens a modal. */
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

    /** A button in a modal of a channel; the modal then shows what `work` gives. */
    onModalButton(
      app: App,
      actionId: string,
      work: (click: ChannelClick, value: string) => Promise<ModalView>,
    ): void {
      app.action<BlockButtonAction>(actionId, async ({ ack, action, body, client }) => {
        await ack();
        const { view } = body;
        if (view === undefined) return;
        const shown = await find(body, readChannelId(view))
          .then((found) => ('refusal' in found ? found.refusal : work(found, action.value ?? '')))
          .catch((error: unknown) => {
            logger.error({ err: error }, 'a click in a modal failed');
            return buildNotice(view.title.text, words.modal.trouble);
          });
        await updateModal(client, logger, { id: view.id }, shown);
      });
    },

    /** The submit button of a modal of a channel. */
    onSubmit(
      app: App,
      callbackId: string,
      work: (click: ChannelClick, view: ViewOutput) => Promise<Outcome>,
    ): void {
      app.view<ViewSubmitAction>(callbackId, async ({ ack, body, view, client }) => {
        await answerSubmission({ ack, client, view, clock, timeouts, logger }, async () => {
          const found = await find(body, readChannelId(view));
          return 'refusal' in found ? { view: found.refusal } : work(found, view);
        });
      });
    },
  };
}

function readChannelId({ private_metadata }: ViewOutput): string {
  return metadataSchema.parse(JSON.parse(private_metadata)).channelId;
}
