import type { App, BlockButtonAction } from '@slack/bolt';
import type { AlertActions } from '../../../channels/alert-actions.ts';
import type { Clock } from '../../../lib/clock.ts';
import { acknowledgeActionId, readUndoValue, undoActionId } from '../../../messages/alert-controls.ts';
import { answerClick } from '../../alert-click.ts';

export function register(
  app: App,
  { acknowledge, undoAcknowledge }: Pick<AlertActions, 'acknowledge' | 'undoAcknowledge'>,
  clock: Pick<Clock, 'now'>,
): void {
  app.action<BlockButtonAction>(acknowledgeActionId, async ({ ack, body, respond }) => {
    await ack();
    await answerClick(body, { respond, clock }, acknowledge);
  });
  app.action<BlockButtonAction>(undoActionId, async ({ ack, action, body, respond }) => {
    await ack();
    const until = readUndoValue(action.value ?? '');
    if (until !== undefined)
      await answerClick(body, { respond, clock }, (click) => undoAcknowledge(click, until));
  });
}
