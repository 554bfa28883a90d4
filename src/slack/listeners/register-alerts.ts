import type { App } from '@slack/bolt';
import type { AlertActions } from '../../channels/alert-actions.ts';
import { createMuteForm } from '../mute-form.ts';
import { register as registerAcknowledge } from './actions/acknowledge.ts';
import { register as registerAlertMenu } from './actions/alert-menu.ts';
import { register as registerMuteCustomer } from './actions/mute-customer.ts';
import { register as registerOpenInPerly } from './actions/open-in-perly.ts';
import { register as registerMuteSubmitted } from './views/mute-submitted.ts';

/** Everything that people do with alerts in their channels. */
export function registerAlerts(
  app: App,
  parts: { actions: AlertActions } & Parameters<typeof createMuteForm>[0],
): void {
  const { actions, clock } = parts;
  const muteForm = createMuteForm(parts);
  registerOpenInPerly(app);
  registerAcknowledge(app, actions, clock);
  registerMuteCustomer(app, actions, clock);
  registerAlertMenu(app, actions, muteForm, clock);
  registerMuteSubmitted(app, muteForm);
}
