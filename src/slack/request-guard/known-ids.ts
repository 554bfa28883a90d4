import {
  acknowledgeActionId,
  menuActionId,
  muteActionId,
  undoActionId,
  unmuteActionId,
} from '../../messages/alert-controls.ts';
import { openInPerlyActionId } from '../../messages/buttons.ts';
import { actionIds } from '../views/action-ids.ts';
import { disconnectCallbackId } from '../views/disconnect-modal.ts';
import { managersCallbackId } from '../views/managers-modal.ts';
import { muteCallbackId } from '../views/mute-modal.ts';
import { pauseCallbackId } from '../views/pause-modal.ts';
import { rulesCallbackId } from '../views/rules-modal.ts';

/** Fields that are read on submission: no listener handles clicks on them. */
const submittedFields: readonly string[] = [
  actionIds.externalField,
  actionIds.pauseChoice,
  actionIds.muteUntil,
  actionIds.muteReason,
];

const actions = new Set<string>([
  ...Object.values(actionIds).filter((id) => !submittedFields.includes(id)),
  acknowledgeActionId,
  menuActionId,
  muteActionId,
  openInPerlyActionId,
  undoActionId,
  unmuteActionId,
]);

const views = new Set([
  disconnectCallbackId,
  managersCallbackId,
  muteCallbackId,
  pauseCallbackId,
  rulesCallbackId,
]);

export function isKnownAction(id: string): boolean {
  return actions.has(id) || id.startsWith('link_') || id.startsWith(actionIds.presetPrefix);
}

export function isKnownView(id: string): boolean {
  return views.has(id);
}

const suggestions: readonly string[] = [
  actionIds.timeZone,
  actionIds.calendar,
  actionIds.rulesOwners,
  actionIds.activityCustomer,
];

export function isKnownSuggestion(id: string): boolean {
  return suggestions.includes(id);
}
