import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Channel } from '../../../store/channels/document.ts';
import { tenancyOf } from '../../../store/tenancy.ts';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import { buildMutedModal, readMutedValue } from '../../views/muted-modal.ts';

export function register(app: App, clicks: ChannelClicks, services: HomeServices): void {
  clicks.onModalElement(app, actionIds.unmute, async ({ channel, viewer }, value) => {
    const { page, customerId } = readMutedValue(value);
    const tenancy = tenancyOf(channel);
    if (tenancy !== undefined)
      await services.settings.unmute(tenancy, customerId, { kind: 'user', ...viewer });
    return showMuted(services, channel, page);
  });

  for (const actionId of [actionIds.previousMuted, actionIds.nextMuted])
    clicks.onModalElement(app, actionId, ({ channel }, value) =>
      showMuted(services, channel, readMutedValue(value).page),
    );
}

export async function showMuted(
  { mutes, clock }: Pick<HomeServices, 'mutes' | 'clock'>,
  channel: Channel,
  page = 0,
): Promise<ModalView> {
  const tenancy = tenancyOf(channel);
  const muted = tenancy === undefined ? [] : await mutes.listByChannel(tenancy, clock.now());
  return buildMutedModal(channel, muted, page);
}
