import type { App, ViewSubmitAction } from '@slack/bolt';
import type { AlertActions } from '../../channels/alert-actions.ts';
import type { SharingWatch } from '../../channels/sharing.ts';
import { openInPerlyActionId } from '../../messages/buttons.ts';
import { createMuteForm } from '../mute-form.ts';
import { muteCallbackId } from '../views/mute-modal.ts';
import { register as registerAcknowledge } from './actions/acknowledge.ts';
import { register as registerAlertMenu } from './actions/alert-menu.ts';
import { register as registerMuteCustomer } from './actions/mute-customer.ts';
import { register as registerNoticeSharing } from './actions/notice-sharing.ts';
import { register as registerOpenLink } from './actions/open-link.ts';

export function registerAlerts(
  app: App,
  parts: { actions: AlertActions; sharing: SharingWatch } & Parameters<typeof createMuteForm>[0],
): void {
  const { actions, sharing, clock } = parts;
  const muteForm = createMuteForm(parts);
  registerOpenLink(app, openInPerlyActionId);
  registerAcknowledge(app, actions, clock);
  registerMuteCustomer(app, actions, muteForm, clock);
  registerAlertMenu(app, actions, muteForm, clock);
  registerNoticeSharing(app, sharing);
  app.view<ViewSubmitAction>(muteCallbackId, ({ ack, body }) => muteForm.submit({ ack, body }));
}
