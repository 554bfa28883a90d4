import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { activityPosition } from '../../../channels/activity.ts';
import { listActivityLines } from '../../../channels/activity-lines.ts';
import type { Channel } from '../../../store/channels/document.ts';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import {
  type ActivityFilter,
  buildActivityModal,
  isOutcome,
  readActivityFilter,
} from '../../views/activity-modal.ts';
import { copy } from '../../views/copy.ts';
import { allCustomers, customerOption } from '../../views/customer-options.ts';

export function register(app: App, clicks: ChannelClicks, services: HomeServices): void {
  const { settings, customerSearch } = services;

  async function show(channel: Channel, filter: ActivityFilter = {}): Promise<ModalView> {
    const { outcome, customer, after } = filter;
    const lines = await listActivityLines((query) => services.listActivity(channel, query), {
      outcome,
      customerId: customer?.id,
      after,
    });
    return buildActivityModal(channel, lines, filter);
  }

  clicks.onButton(app, actionIds.activity, copy.activity.title, ({ channel }) => show(channel));

  /** @returns `undefined` if all customers are shown */
  async function findCustomer({ accountId }: Channel, value: string): Promise<ActivityFilter['customer']> {
    if (accountId === null || value === allCustomers.value) return undefined;
    const known = await customerSearch.list(accountId);
    const found = known.find((customer) => customerOption(customer).value === value);
    return found ?? customerSearch.find(accountId, value);
  }

  clicks.onModalElement(app, actionIds.activityOutcome, ({ channel }, value, view) => {
    const { customer } = readActivityFilter(view);
    return show(channel, { customer, ...(isOutcome(value) && { outcome: value }) });
  });

  clicks.onModalElement(app, actionIds.activityCustomer, async ({ channel }, value, view) => {
    const { outcome } = readActivityFilter(view);
    return show(channel, { outcome, customer: await findCustomer(channel, value) });
  });

  clicks.onModalElement(app, actionIds.activityOlder, ({ channel }, value, view) => {
    const after = activityPosition.safeParse(JSON.parse(value)).data;
    return show(channel, { ...readActivityFilter(view), after });
  });

  clicks.onModalElement(app, actionIds.activityLatest, ({ channel }, _value, view) =>
    show(channel, { ...readActivityFilter(view), after: undefined }),
  );

  clicks.onModalElement(app, actionIds.retry, async ({ channel, viewer }, value, view) => {
    await settings.retry(channel._id, [value], { kind: 'user', ...viewer });
    return show(channel, readActivityFilter(view));
  });
}
