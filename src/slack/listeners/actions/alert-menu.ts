import type { App, BlockOverflowAction } from '@slack/bolt';
import type { AlertActions } from '../../../channels/alert-actions.ts';
import type { Clock } from '../../../lib/clock.ts';
import { menuActionId, menuOptions, readUndoValue } from '../../../messages/alert-controls.ts';
import { answerClick } from '../../alert-click.ts';
import type { MuteForm } from '../../mute-form.ts';

/** The menu of an alert in a joined message or of a digest entry. "Open in Perly" is a link and only acknowledged. */
export function register(
  app: App,
  { acknowledge, undoAcknowledge, unmute }: Pick<AlertActions, 'acknowledge' | 'undoAcknowledge' | 'unmute'>,
  muteForm: MuteForm,
  clock: Pick<Clock, 'now'>,
): void {
  app.action<BlockOverflowAction>(menuActionId, async ({ ack, action, body, respond }) => {
    await ack();
    const choice = action.selected_option.value ?? '';
    if (choice === menuOptions.acknowledge) await answerClick(body, { respond, clock }, acknowledge);
    else if (choice === menuOptions.unmute) await answerClick(body, { respond, clock }, unmute);
    else if (choice === menuOptions.mute) await muteForm.open(body, respond);
    const until = readUndoValue(choice);
    if (until !== undefined)
      await answerClick(body, { respond, clock }, (click) => undoAcknowledge(click, until));
  });
}
