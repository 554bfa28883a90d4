import type { App, BlockAction } from '@slack/bolt';
import type { SharingWatch } from '../../../channels/sharing.ts';
import {
  acknowledgeActionId,
  menuActionId,
  muteActionId,
  undoActionId,
  unmuteActionId,
} from '../../../messages/alert-controls.ts';
import { openInPerlyActionId } from '../../../messages/buttons.ts';
import { readClick } from '../../alert-click.ts';

const alertActions = [
  acknowledgeActionId,
  undoActionId,
  menuActionId,
  muteActionId,
  unmuteActionId,
  openInPerlyActionId,
];

/** Runs beside the listeners that do what was asked, and acknowledge it. */
export function register(app: App, { notice }: SharingWatch): void {
  app.action<BlockAction>(new RegExp(`^(?:${alertActions.join('|')})$`), async ({ body }) => {
    const click = readClick(body);
    if (click !== undefined) await notice(click);
  });
}
