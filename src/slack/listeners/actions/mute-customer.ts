import type { App, BlockButtonAction, BlockStaticSelectAction } from '@slack/bolt';
import type { AlertActions } from '../../../channels/alert-actions.ts';
import type { Clock } from '../../../lib/clock.ts';
import { isMutePeriod, muteActionId, unmuteActionId } from '../../../messages/alert-controls.ts';
import { answerClick } from '../../alert-click.ts';

export function register(
  app: App,
  { mute, unmute }: Pick<AlertActions, 'mute' | 'unmute'>,
  clock: Pick<Clock, 'now'>,
): void {
  app.action<BlockStaticSelectAction>(muteActionId, async ({ ack, action, body, respond }) => {
    await ack();
    const period = action.selected_option?.value ?? '';
    if (isMutePeriod(period)) await answerClick(body, { respond, clock }, (click) => mute(click, period));
  });
  app.action<BlockButtonAction>(unmuteActionId, async ({ ack, body, respond }) => {
    await ack();
    await answerClick(body, { respond, clock }, unmute);
  });
}
