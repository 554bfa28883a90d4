import type { App, BlockButtonAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { groupLinked } from '../../../channels/link.ts';
import type { ConfirmationResult } from '../../../channels/link-confirmations.ts';
import { mayManage } from '../../../domain/permissions.ts';
import { distinguishAccount, type NamedAccount } from '../../../messages/account-name.ts';
import { openModal, openModalFor } from '../../home/modals.ts';
import type { HomeServices } from '../../home/services.ts';
import { personOfView } from '../../home/view-person.ts';
import { actionIds } from '../../views/action-ids.ts';
import { copy } from '../../views/copy.ts';
import {
  buildExpiredQuestion,
  buildLinkAccountModal,
  buildLinkedNotice,
  buildNothingWaits,
} from '../../views/link-account.ts';
import { mentionChannel } from '../../views/mentions.ts';

const { title } = copy.linkAccount;

export function register(app: App, services: HomeServices): void {
  const { channels, confirmations, links, logger } = services;
  /** Without this, the second click of a double click would say that the question is no longer valid. */
  const confirming = new Set<string>();

  app.action<BlockButtonAction>(actionIds.linkAccount, async ({ ack, body }) => {
    await ack();
    const person = await personOfView(services, body);
    if (person === undefined) return;
    const { viewer, client } = person;
    await openModal({ client, triggerId: body.trigger_id, title, logger }, async () => {
      const isWaiting = (await channels.listByTeam(viewer.teamId)).some(
        (channel) => channel.accountId === null && mayManage(channel, viewer),
      );
      if (!isWaiting) return buildNothingWaits();
      return buildLinkAccountModal(await links.linkAccount(viewer), await links.forward(viewer));
    });
  });

  app.action<BlockButtonAction>(actionIds.confirmLink, async ({ ack, action, body }) => {
    await ack();
    const person = await personOfView(services, body);
    if (person === undefined) return;
    const { viewer, client } = person;
    const requestId = action.value ?? '';
    const press = `${viewer.teamId} ${viewer.userId} ${requestId}`;
    if (confirming.has(press)) return;
    confirming.add(press);
    const work = confirmations
      .confirm(viewer, requestId)
      .then(async (result) =>
        toNotice(result, await services.listAccounts(viewer.teamId), services.clock.now()),
      );
    await openModalFor({ client, triggerId: body.trigger_id, title, logger }, work).finally(() =>
      confirming.delete(press),
    );
  });

  app.action<BlockButtonAction>(actionIds.cancelLink, async ({ ack, action, body }) => {
    await ack();
    const person = await personOfView(services, body);
    if (person !== undefined) await confirmations.cancel(person.viewer, action.value ?? '');
  });
}

function toNotice(result: ConfirmationResult, linked: readonly NamedAccount[], now: Date): ModalView {
  if (result.kind === 'expired') return buildExpiredQuestion();
  if (result.kind === 'nothing_waits') return buildNothingWaits();
  const account = distinguishAccount(result.confirmation, linked);
  return buildLinkedNotice(account, groupLinked(result.channels, now, mentionChannel));
}
