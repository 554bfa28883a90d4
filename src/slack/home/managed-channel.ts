import type { ModalView } from '@slack/types';
import type { Channel, ChannelStore } from '../../store/channels.ts';
import type { Viewer } from '../install/slack-links.ts';
import { mentionPeople } from '../views/mentions.ts';
import { buildNotice } from '../views/modal.ts';
import { words } from '../views/words.ts';
import { mayManage } from './may-manage.ts';

/** A channel that somebody may change, or what to tell them. */
export type ManagedChannel = { channel: Channel; viewer: Viewer } | { refusal: ModalView };

/**
 * The channel of a click, if it is still connected and the viewer, `undefined` for somebody of another organisation, may change it: a Home or a modal may have stood open
 * while somebody else changed that.
 */
export async function findManaged(
  channels: Pick<ChannelStore, 'find'>,
  viewer: Viewer | undefined,
  channelId: string,
): Promise<ManagedChannel> {
  const channel = await channels.find(channelId);
  if (channel === undefined || channel.status === 'disconnected') return { refusal: goneNotice() };
  if (viewer === undefined)
    return { refusal: buildNotice(words.modal.problemTitle, words.modal.forbiddenOutside) };
  return mayManage(channel, viewer) ? { channel, viewer } : { refusal: forbiddenNotice(channel) };
}

/** Said of a channel that is not connected any more. */
export function goneNotice(): ModalView {
  return buildNotice(words.modal.problemTitle, words.modal.gone);
}

function forbiddenNotice({ managers }: Channel): ModalView {
  const people = managers === 'everyone' ? '' : mentionPeople(managers);
  const text = people === '' ? words.modal.forbiddenByPerly : words.modal.forbidden(people);
  return buildNotice(words.modal.problemTitle, text);
}
