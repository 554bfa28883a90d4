import type { ModalView } from '@slack/types';
import type { Viewer } from '../../domain/permissions.ts';
import { mayManage } from '../../domain/permissions.ts';
import type { Channel } from '../../store/channels/document.ts';
import type { ChannelStore } from '../../store/channels/store.ts';
import { copy } from '../views/copy.ts';
import { mentionPeople } from '../views/mentions.ts';
import { buildNotice } from '../views/modal.ts';

export type ManagedChannel = { channel: Channel; viewer: Viewer } | { refusal: ModalView };

/**
 * `undefined` means a viewer of another organisation. Somebody else may change the channel while a Home or modal
 * is open.
 */
export async function findManaged(
  channels: Pick<ChannelStore, 'find'>,
  viewer: Viewer | undefined,
  channelId: string,
): Promise<ManagedChannel> {
  const channel = await channels.find(channelId);
  if (channel === undefined || channel.status === 'disconnected') return { refusal: goneNotice() };
  if (viewer === undefined)
    return { refusal: buildNotice(copy.modal.problemTitle, copy.modal.forbiddenOutside) };
  return mayManage(channel, viewer) ? { channel, viewer } : { refusal: forbiddenNotice(channel) };
}

export function goneNotice(): ModalView {
  return buildNotice(copy.modal.problemTitle, copy.modal.gone);
}

function forbiddenNotice({ managers }: Channel): ModalView {
  const people = managers === 'everyone' ? '' : mentionPeople(managers);
  const text = people === '' ? copy.modal.forbiddenByPerly : copy.modal.forbidden(people);
  return buildNotice(copy.modal.problemTitle, text);
}
