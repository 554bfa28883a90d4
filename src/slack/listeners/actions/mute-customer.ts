import type { App, BlockStaticSelectAction } from '@slack/bolt';
import type { AlertActions } from '../../../delivery/alert-actions.ts';
import { answerClick } from '../../alert-click.ts';
import { isMutePeriod, muteActionId } from '../../messages/alert-controls.ts';

/** Mute customer, under an alert of its own. */
export function register(app: App, { mute }: Pick<AlertActions, 'mute'>): void {
  app.action<BlockStaticSelectAction>(muteActionId, async ({ ack, action, body, respond }) => {
    await ack();
    const period = action.selected_option?.value ?? '';
    if (isMutePeriod(period)) await answerClick(body, respond, (click) => mute(click, period));
  });
}
