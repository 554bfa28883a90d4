import type { App, BlockAction, BlockButtonAction, ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { OwnerEntry } from '../../../channels/owners.ts';
import type { Viewer } from '../../../domain/permissions.ts';
import { isUserId } from '../../../messages/block-kit/mrkdwn.ts';
import type { OwnersPlace } from '../../../store/owner-users.ts';
import { loadPeople } from '../../home/load-people.ts';
import { openModal, updateModal } from '../../home/modals.ts';
import type { HomeServices } from '../../home/services.ts';
import { personOfView } from '../../home/view-person.ts';
import { actionIds } from '../../views/action-ids.ts';
import { copy } from '../../views/copy.ts';
import { buildNotice } from '../../views/modal.ts';
import { buildPeopleModal, ownerRefOf, peopleMetadataSchema, toOwnerRef } from '../../views/people-modal.ts';

/** Each choice is saved at once. */
export function register(app: App, services: HomeServices): void {
  const { owners, logger } = services;

  async function build(viewer: Viewer, page: number) {
    return buildPeopleModal({ teamId: viewer.teamId, page }, await loadPeople(services, viewer));
  }

  app.action<BlockButtonAction>(actionIds.people, async ({ ack, body }) => {
    await ack();
    const person = await personOfView(services, body);
    if (person === undefined) return;
    const { viewer, client } = person;
    const { title } = copy.people;
    await openModal({ client, triggerId: body.trigger_id, title, logger }, () => build(viewer, 0));
  });

  /** Errors of `load` are logged and shown. */
  async function show(
    body: BlockAction,
    load: (viewer: Viewer, view: ViewOutput) => Promise<ModalView>,
  ): Promise<void> {
    const person = await personOfView(services, body);
    const { view } = body;
    if (person === undefined || view === undefined) return;
    const shown = await load(person.viewer, view).catch((error: unknown) => {
      logger.error({ err: error }, 'a click in a modal failed');
      return buildNotice(copy.people.title, copy.modal.trouble);
    });
    await updateModal(person.client, logger, { id: view.id }, shown);
  }

  function change(
    body: BlockAction,
    blockId: string,
    work: (place: OwnersPlace, owner: OwnerEntry, viewer: Viewer) => Promise<unknown>,
  ): Promise<void> {
    return show(body, async (viewer, view) => {
      const ref = ownerRefOf(blockId);
      for (const { account, owners: entries } of await loadPeople(services, viewer)) {
        const { accountId } = account;
        const owner = entries.find(({ id }) => toOwnerRef(accountId, id) === ref);
        if (owner !== undefined) await work({ teamId: viewer.teamId, accountId }, owner, viewer);
      }
      const { page } = peopleMetadataSchema.parse(JSON.parse(view.private_metadata));
      return build(viewer, page);
    });
  }

  app.action<BlockAction>(actionIds.ownerUser, async ({ ack, action, body }) => {
    await ack();
    if (action.type !== 'users_select' || !isUserId(action.selected_user)) return;
    const { selected_user: userId, block_id: blockId } = action;
    await change(body, blockId, (place, owner, viewer) =>
      owners.setUser(place, owner, userId, { kind: 'user', ...viewer }),
    );
  });

  app.action<BlockButtonAction>(actionIds.removeOwnerUser, async ({ ack, action, body }) => {
    await ack();
    await change(body, action.block_id, (place, { id }, viewer) =>
      owners.removeUser(place, id, { kind: 'user', ...viewer }),
    );
  });

  for (const id of [actionIds.peoplePrevious, actionIds.peopleNext])
    app.action<BlockButtonAction>(id, async ({ ack, action, body }) => {
      await ack();
      const page = Math.max(0, Math.trunc(Number(action.value)) || 0);
      await show(body, (viewer) => build(viewer, page));
    });
}
