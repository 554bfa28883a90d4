import type { App } from '@slack/bolt';
import type { AlertActions } from '../../delivery/alert-actions.ts';
import { register as registerAcknowledge } from './actions/acknowledge.ts';
import { register as registerAlertMenu } from './actions/alert-menu.ts';
import { register as registerMuteCustomer } from './actions/mute-customer.ts';
import { register as registerOpenInPerly } from './actions/open-in-perly.ts';

/** Everything that people do with alerts in their channels. */
export function registerAlerts(app: App, actions: AlertActions): void {
  registerOpenInPerly(app);
  registerAcknowledge(app, actions);
  registerMuteCustomer(app, actions);
  registerAlertMenu(app, actions);
}
