import type { App } from '@slack/bolt';
import { withTimeout } from '../../../lib/timeout.ts';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import { customerOptions } from '../../views/customer-options.ts';
import { calendarOptions } from '../../views/holiday-options.ts';
import { zoneOptions } from '../../views/hours-fields.ts';
import { ownerOptions } from '../../views/owner-fields.ts';

export function register(
  app: App,
  clicks: ChannelClicks,
  {
    customerSearch,
    owners,
    timeouts,
    logger,
    clock,
  }: Pick<HomeServices, 'customerSearch' | 'owners' | 'timeouts' | 'logger' | 'clock'>,
): void {
  app.options(actionIds.timeZone, async ({ ack, options }) => {
    await ack({ options: zoneOptions(options.value, clock.now()) });
  });

  app.options(actionIds.calendar, async ({ ack, options }) => {
    await ack({ options: calendarOptions(options.value) });
  });

  app.options<'block_suggestion'>(actionIds.rulesOwners, async ({ ack, options, body }) => {
    const click = await clicks.findOfModal(body);
    const accountId = click?.channel.accountId ?? null;
    const seen = accountId === null ? [] : await owners.listSeen(accountId);
    await ack({ options: ownerOptions(seen, options.value) });
  });

  app.options(actionIds.activityCustomer, async ({ ack, body, options }) => {
    async function search() {
      const click = await clicks.findOfModal(body);
      const accountId = click?.channel.accountId ?? null;
      return accountId === null ? [] : customerOptions(await customerSearch.search(accountId, options.value));
    }
    const found = await withTimeout(timeouts.submissionMs, search()).catch((error: unknown) => {
      logger.error({ err: error }, 'customers could not be listed');
      return [];
    });
    await ack({ options: found });
  });
}
