import type { App, BlockButtonAction } from '@slack/bolt';
import type { Clock } from '../../../clock.ts';
import type { AlertActions } from '../../../delivery/alert-actions.ts';
import { answerClick } from '../../alert-click.ts';
import { acknowledgeActionId } from '../../messages/alert-controls.ts';

/** Acknowledge, under an alert of its own. */
export function register(
  app: App,
  { acknowledge }: Pick<AlertActions, 'acknowledge'>,
  clock: Pick<Clock, 'now'>,
): void {
  app.action<BlockButtonAction>(acknowledgeActionId, async ({ ack, body, respond }) => {
    await ack();
    await answerClick(body, { respond, clock }, acknowledge);
  });
}
