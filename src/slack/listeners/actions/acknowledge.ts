import type { App, BlockButtonAction } from '@slack/bolt';
import type { AlertActions } from '../../../channels/alert-actions.ts';
import type { Clock } from '../../../lib/clock.ts';
import { acknowledgeActionId } from '../../../messages/alert-controls.ts';
import { answerClick } from '../../alert-click.ts';

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
