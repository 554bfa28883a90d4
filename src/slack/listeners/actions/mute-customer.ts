import type { App, BlockAction, BlockButtonAction } from '@slack/bolt';
import type { AlertActions } from '../../../channels/alert-actions.ts';
import type { Clock } from '../../../lib/clock.ts';
import { muteActionId, unmuteActionId } from '../../../messages/alert-controls.ts';
import { answerClick } from '../../alert-click.ts';
import type { MuteForm } from '../../mute-form.ts';
import { actionIds } from '../../views/action-ids.ts';

export function register(
  app: App,
  { unmute }: Pick<AlertActions, 'unmute'>,
  muteForm: MuteForm,
  clock: Pick<Clock, 'now'>,
): void {
  app.action<BlockButtonAction>(muteActionId, async ({ ack, body, respond }) => {
    await ack();
    await muteForm.open(body, respond);
  });
  app.action<BlockAction>(actionIds.muteChoice, async ({ ack, body }) => {
    await ack();
    await muteForm.update(body);
  });
  app.action<BlockButtonAction>(unmuteActionId, async ({ ack, body, respond }) => {
    await ack();
    await answerClick(body, { respond, clock }, unmute);
  });
}
