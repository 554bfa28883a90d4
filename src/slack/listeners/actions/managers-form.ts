import type { App, BlockAction } from '@slack/bolt';
import { updateModal } from '../../home/modals.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import { buildManagersModal } from '../../views/managers-modal.ts';
import { readManagersForm } from '../../views/read-managers-form.ts';

/** "These people" shows them, "Everyone" hides them. */
export function register(app: App, { logger }: HomeServices): void {
  app.action<BlockAction>(actionIds.managersField, async ({ ack, body, client }) => {
    await ack();
    if (body.view === undefined) return;
    const { kind, metadata } = readManagersForm(body.view);
    await updateModal(client, logger, body.view, buildManagersModal(kind, metadata));
  });
}
