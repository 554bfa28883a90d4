import type { App } from '@slack/bolt';
import type { Clock } from '../../../lib/clock.ts';
import { actionIds } from '../../views/action-ids.ts';
import { calendarOptions } from '../../views/holiday-options.ts';
import { zoneOptions } from '../../views/hours-fields.ts';

export function register(app: App, clock: Pick<Clock, 'now'>): void {
  app.options(actionIds.timeZone, async ({ ack, options }) => {
    await ack({ options: zoneOptions(options.value, clock.now()) });
  });
  app.options(actionIds.calendar, async ({ ack, options }) => {
    await ack({ options: calendarOptions(options.value) });
  });
}
