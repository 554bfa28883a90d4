import type { App, BlockAction } from '@slack/bolt';
import { updateModal } from '../../home/modals.ts';
import type { HomeServices } from '../../home/services.ts';
import { workspaceOfView } from '../../home/view-person.ts';
import { actionIds } from '../../views/action-ids.ts';
import { buildManagersModal, readManagersForm } from '../../views/managers-modal.ts';

export function register(app: App, { clientOf, logger }: HomeServices): void {
  app.action<BlockAction>(actionIds.managersField, async ({ ack, body }) => {
    await ack();
    const teamId = workspaceOfView(body.view);
    const client = teamId === undefined ? undefined : await clientOf(teamId);
    if (body.view === undefined || client === undefined) return;
    const { kind, metadata } = readManagersForm(body.view);
    await updateModal(client, logger, body.view, buildManagersModal(kind, metadata));
  });
}
