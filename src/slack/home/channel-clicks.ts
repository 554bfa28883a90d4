import type {
  App,
  BlockAction,
  BlockButtonAction,
  BlockElementAction,
  ViewOutput,
  ViewSubmitAction,
} from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Person } from '../../channels/people.ts';
import type { Viewer } from '../../domain/permissions.ts';
import type { Channel } from '../../store/channels/document.ts';
import { teamIdOf } from '../../store/channels/store.ts';
import { copy } from '../views/copy.ts';
import { buildNotice } from '../views/modal.ts';
import { answerSubmission, type Outcome } from './answer-submission.ts';
import { findManaged, type ManagedChannel } from './managed-channel.ts';
import { openModal, updateModal } from './modals.ts';
import type { HomeServices } from './services.ts';
import { channelOfButton } from './view-person.ts';

export type ChannelClick = { channel: Channel; viewer: Viewer };

type Metadata = Pick<ViewOutput, 'private_metadata'>;

type Clicked = {
  body: { trigger_id: string; view?: ViewOutput } & Person;
  blockId: string;
};

const metadataSchema = z.looseObject({ channelId: z.string() });

export type ChannelClicks = ReturnType<typeof createChannelClicks>;

/** Acknowledges at once, checks that the viewer may change the channel, and otherwise shows a modal with the reason. */
export function createChannelClicks(services: HomeServices) {
  const { channels, people, clientOf, clock, timeouts, logger } = services;
  /** Viewers whose modal is opening: the second click of a double click arrives before they see the modal. */
  const opening = new Set<string>();

  /** Finds the channel in the view's workspace, since the payload may name another. */
  async function find(body: Person, channelId: string): Promise<ManagedChannel> {
    const viewer = await people.findInsiderOfView(teamIdOf(channelId), body);
    return findManaged(channels, viewer, channelId);
  }

  async function openFor(
    { body, blockId }: Clicked,
    title: string,
    build: (click: ChannelClick) => Promise<ModalView>,
  ): Promise<void> {
    const channelId = channelOfButton(body, blockId);
    if (channelId === undefined) return;
    const who = `${teamIdOf(channelId)} ${body.user.id}`;
    if (opening.has(who)) return;
    opening.add(who);
    try {
      const client = await clientOf(teamIdOf(channelId));
      if (client === undefined) return;
      await openModal({ client, triggerId: body.trigger_id, title, logger }, async () => {
        const found = await find(body, channelId);
        return 'refusal' in found ? found.refusal : build(found);
      });
    } finally {
      opening.delete(who);
    }
  }

  return {
    find,
    openFor,

    onButton(
      app: App,
      actionId: string,
      title: string,
      build: (click: ChannelClick) => Promise<ModalView>,
    ): void {
      app.action<BlockButtonAction>(actionId, async ({ ack, action, body }) => {
        await ack();
        await openFor({ body, blockId: action.block_id }, title, build);
      });
    },

    async findOfModal({
      view,
      ...person
    }: Person & { view?: Metadata | undefined }): Promise<ChannelClick | undefined> {
      const channelId = view && findChannelId(view);
      if (channelId === undefined) return undefined;
      const found = await find(person, channelId);
      return 'refusal' in found ? undefined : found;
    },

    /** The modal then shows the view that `work` returns. */
    onModalElement(
      app: App,
      actionId: string,
      work: (click: ChannelClick, value: string, view: ViewOutput) => Promise<ModalView>,
    ): void {
      app.action<BlockAction<BlockElementAction>>(actionId, async ({ ack, action, body }) => {
        await ack();
        const { view } = body;
        if (view === undefined) return;
        const channelId = readChannelId(view);
        const client = await clientOf(teamIdOf(channelId));
        if (client === undefined) return;
        const shown = await find(body, channelId)
          .then((found) => ('refusal' in found ? found.refusal : work(found, readValue(action), view)))
          .catch((error: unknown) => {
            logger.error({ err: error }, 'a click in a modal failed');
            return buildNotice(view.title.text, copy.modal.trouble);
          });
        await updateModal(client, logger, { id: view.id }, shown);
      });
    },

    onSubmit(
      app: App,
      callbackId: string,
      work: (click: ChannelClick, view: ViewOutput) => Promise<Outcome>,
    ): void {
      app.view<ViewSubmitAction>(callbackId, async ({ ack, body, view }) => {
        const client = () => clientOf(teamIdOf(readChannelId(view)));
        await answerSubmission({ ack, client, view, clock, timeouts, logger }, async () => {
          const found = await find(body, readChannelId(view));
          return 'refusal' in found ? { view: found.refusal } : work(found, view);
        });
      });
    },
  };
}

function readChannelId({ private_metadata }: Metadata): string {
  return metadataSchema.parse(JSON.parse(private_metadata)).channelId;
}

function findChannelId(view: Metadata): string | undefined {
  try {
    return readChannelId(view);
  } catch {
    return undefined;
  }
}

function readValue(action: BlockElementAction): string {
  if ('selected_option' in action) return action.selected_option?.value ?? '';
  return ('value' in action && action.value) || '';
}
