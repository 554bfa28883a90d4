import type { Document } from 'mongodb';
import { expect } from 'vitest';
import { elementsOf } from '../../../sandbox/slack/find-element.ts';
import { eventOf } from '../../support/named-events.ts';
import { listControls } from '../../support/view-text.ts';
import { accountOf, channelIdOf, check, type Fixture, has, people, type StepGroup } from './fixture.ts';

/** A channel's Activity: pages, filters, retries. */
export function createActivity({ running, dana, hold, press, click, audited }: Fixture): StepGroup {
  const { slack, perly, db } = running;
  let round = 0;
  let deliveryId = '';
  const name = () => `Again${round}`;
  const alerts = () =>
    slack.messages('#activity').filter(({ payload }) => JSON.stringify(payload).includes(name())).length;
  const mute = {
    channelId: channelIdOf('activity'),
    accountId: accountOf('activity'),
    customerId: 'cus_quiet',
  };
  const openMuted = () => press('activity', 'channel_menu', 'Customers 1–25', 'muted');
  const openActivity = () => press('activity', 'channel_activity', 'what happened to them');
  const customers = { user: 'dana', on: 'modal', actionId: 'activity_customer' };
  const showOlder = async () => {
    await openActivity();
    await dana.use('activity_older');
    await expect.poll(() => listControls(dana.modal())).toContain('activity_latest');
  };

  /** More events than a page of Activity shows, older than all others. */
  async function insertOlder(): Promise<void> {
    const events = db.collection<Document & { _id: string }>('events');
    const accountId = accountOf('activity');
    if ((await events.countDocuments({ accountId, sequence: { $lt: 100 } })) > 0) return;
    await events.insertMany(
      Array.from({ length: 30 }, (_, sequence) => ({
        _id: JSON.stringify([accountId, `old_${sequence}`]),
        accountId,
        sequence,
        event: eventOf(`Old${sequence}`),
        decisions: [
          {
            channelId: mute.channelId,
            outcome: 'suppress',
            reason: sequence % 2 === 0 ? 'paused' : 'event_type_off',
          },
        ],
        receivedAt: new Date('2026-01-01'),
        expiresAt: new Date('2096-01-01'),
      })),
    );
  }

  return {
    async setup(steps) {
      if (steps.length === 0) return;
      await insertOlder();
      round += 1;
      await perly.post({ ...eventOf(name()), account_id: accountOf('activity') });
      const deliveries = db.collection<{ _id: string }>('deliveries');
      const eventKey = JSON.stringify([accountOf('activity'), `evt_${name()}`]);
      const sent = async () => (await deliveries.findOne({ eventKey, state: 'sent' }))?._id ?? '';
      await expect.poll(sent).not.toBe('');
      deliveryId = await sent();
      const failed = { state: 'failed', lastError: 'http_500', finishedAt: new Date() };
      await deliveries.updateOne({ _id: deliveryId }, { $set: failed });
      // Enough for a second page; the latest end comes first.
      const customerIds = [mute.customerId, ...Array.from({ length: 30 }, (_, index) => `cus_${index}`)];
      await db.collection<Document & { _id: string }>('mutes').insertMany(
        customerIds.map((customerId, index) => ({
          _id: JSON.stringify([mute.channelId, mute.accountId, customerId]),
          ...mute,
          customerId,
          customerName: 'Quiet',
          until: new Date(Date.UTC(2096 - index)),
          mutedBy: people.milo,
          createdAt: new Date(),
        })),
      );
    },
    kinds: {
      activity: () => click('activity', 'channel_activity'),
      async retry() {
        await openActivity();
        const failed = elementsOf(dana.modal()?.content.blocks);
        const { blockId = '' } = failed.find(({ element }) => element.value === deliveryId) ?? {};
        return hold(() => dana.use('activity_retry', { blockId }));
      },
      async 'unmute in the list'() {
        await openMuted();
        const first = elementsOf(dana.modal()?.content.blocks);
        const { blockId = '' } = first.find(({ actionId }) => actionId === 'muted_unmute') ?? {};
        return hold(() => dana.use('muted_unmute', { blockId }));
      },
      async 'turn a page of muted customers'() {
        await openMuted();
        const requests = await hold(() => dana.use('muted_page_next'));
        await openMuted();
        await dana.use('muted_page_next');
        await expect.poll(() => dana.modalText()).toContain('Customers 26–');
        return [...requests, ...(await hold(() => dana.use('muted_page_previous')))];
      },
      async 'filter Activity'() {
        await openActivity();
        return hold(() => dana.use('activity_outcome', { choice: 'failed' }));
      },
      async 'look for a customer'() {
        await openActivity();
        return hold(() => slack.suggest({ ...customers, query: 'old' }));
      },
      async 'choose a customer'() {
        await openActivity();
        const { options } = await slack.suggest({ ...customers, query: 'old' });
        return hold(() => slack.click({ ...customers, choice: String(options.at(-1)?.value) }));
      },
      async 'show older events'() {
        await openActivity();
        return hold(() => dana.use('activity_older'));
      },
      async 'show the latest events'() {
        await showOlder();
        return hold(() => dana.use('activity_latest'));
      },
    },
    async findFaults(steps) {
      if (steps.length === 0) return [];
      const isRetried = has(steps, 'retry');
      const isUnmuted = has(steps, 'unmute in the list');
      const delivery = await db.collection<{ _id: string }>('deliveries').findOne({ _id: deliveryId });
      return [
        ...check('state', delivery && 'state' in delivery && delivery.state, [isRetried ? 'sent' : 'failed']),
        ...check('messages', alerts(), [isRetried ? 2 : 1]),
        ...check('retries', await audited('activity', 'delivery_retried'), [isRetried ? 1 : 0]),
        ...check('mutes', await db.collection('mutes').countDocuments(mute), [isUnmuted ? 0 : 1]),
        ...check('unmutes', await audited('activity', 'customer_unmuted'), [isUnmuted ? 1 : 0]),
      ];
    },
  };
}
