import type { App } from '@slack/bolt';
import { withTimeout } from '../../../lib/timeout.ts';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import { customerOptions } from '../../views/customer-options.ts';

export function register(
  app: App,
  clicks: ChannelClicks,
  { customerSearch, timeouts, logger }: Pick<HomeServices, 'customerSearch' | 'timeouts' | 'logger'>,
): void {
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
