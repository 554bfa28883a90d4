import type { ModalView } from '@slack/types';
import type { Channel } from '../../store/channels/document.ts';
import { tenancyOf } from '../../store/tenancy.ts';
import { buildMutedModal } from '../views/muted-modal.ts';
import type { HomeServices } from './services.ts';

export async function showMuted(
  { mutes, clock }: Pick<HomeServices, 'mutes' | 'clock'>,
  channel: Channel,
  page = 0,
): Promise<ModalView> {
  const tenancy = tenancyOf(channel);
  const muted = tenancy === undefined ? [] : await mutes.listByChannel(tenancy, clock.now());
  return buildMutedModal(channel, muted, page);
}
