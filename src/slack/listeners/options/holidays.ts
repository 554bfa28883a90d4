import type { App } from '@slack/bolt';
import { actionIds } from '../../views/action-ids.ts';
import { calendarOptions } from '../../views/holiday-options.ts';

/** What is offered while somebody looks for a calendar of public holidays. */
export function register(app: App): void {
  app.options(actionIds.calendar, async ({ ack, options }) => {
    await ack({ options: calendarOptions(options.value) });
  });
}
