import type { Document } from 'mongodb';
import { expect } from 'vitest';
import { elementsOf } from '../../../sandbox/slack/find-element.ts';
import { eventOf } from '../../support/named-events.ts';
import { listControls, textOf } from '../../support/view-text.ts';
import { saveOwners } from './people.ts';
import { accountOf, type Concern, channelIdOf, check, has, people, type Stage, type Step } from './stage.ts';

const thresholds = ['medium', 'high', 'critical'] as const;
const thresholdOf = ({ variant }: Step) => thresholds[variant % thresholds.length] ?? 'medium';

/** Pause and Resume of a channel. */
export function createPausing({ dana, hold, press, click, channel, change }: Stage): Concern {
  return {
    kinds: {
      'ask to pause': () => click('pause', 'channel_pause'),
      async pause() {
        await press('pause', 'channel_pause', 'How long');
        return hold(() => dana.submit({ pause: 'until_resumed' }));
      },
      async resume() {
        await change('pause', { pausedUntil: 'until_resumed' });
        await dana.open('Resume');
        const requests = await click('pause', 'channel_resume');
        await change('pause', { pausedUntil: null });
        await dana.open();
        return requests;
      },
    },
    async findFaults(steps) {
      const allowed = !has(steps, 'pause')
        ? [null]
        : has(steps, 'resume')
          ? ['until_resumed', null]
          : ['until_resumed'];
      return check('pausedUntil', (await channel('pause'))?.pausedUntil, allowed);
    },
  };
}

/** The modal of a channel's rules. */
export function createRules(stage: Stage): Concern {
  const { running, dana, hold, press, click, channel, change, audited } = stage;
  const { slack } = running;
  const open = () => press('rules', 'channel_edit_rules', 'In short');
  const openHours = async () => {
    await open();
    await dana.choose('timing', 'digest', 'Still missing');
  };
  const openMore = async () => {
    await openHours();
    await dana.use('rules_more');
    await expect.poll(() => dana.modalText()).toContain('Public holidays');
  };
  const openRare = async () => {
    await saveOwners(stage, 1);
    await open();
    await dana.use('rules_rare');
    await expect.poll(() => dana.modalText()).toContain('Mention the owner');
  };
  const owners = { field: 'owners', actionId: 'rules_owners', query: '' };
  const zones = { field: 'timeZone', actionId: 'rules_time_zone', query: 'berlin' };
  const calendars = { field: 'calendar', actionId: 'rules_holidays', query: 'bayern' };
  type List = typeof zones;
  const at = ({ field, actionId }: List) => ({
    user: 'dana',
    on: 'modal',
    actionId,
    blockId: dana.field(field),
  });
  const look = (list: List) => slack.suggest({ ...at(list), query: list.query });
  async function choose(list: List) {
    const { options } = await look(list);
    return hold(() => slack.click({ ...at(list), choice: String(options.at(-1)?.value) }));
  }

  return {
    kinds: {
      'edit rules': () => click('rules', 'channel_edit_rules'),
      async 'change a rule'(step) {
        await open();
        const blockId = dana.field('riskThreshold');
        return hold(() => dana.use('rules_field', { blockId, choice: thresholdOf(step) }));
      },
      async 'look for a time zone'() {
        await openHours();
        return hold(() => look(zones));
      },
      async 'choose a time zone'() {
        await openHours();
        return choose(zones);
      },
      async 'show more rules'() {
        await openHours();
        return hold(() => dana.use('rules_more'));
      },
      async 'show rare rules'() {
        await open();
        return hold(() => dana.use('rules_rare'));
      },
      async 'look for owners'() {
        await openRare();
        return hold(() => look(owners));
      },
      async 'choose owners'() {
        await openRare();
        const { options } = await look(owners);
        return hold(() => slack.click({ ...at(owners), choice: [String(options.at(-1)?.value)] }));
      },
      async 'look for public holidays'() {
        await openMore();
        return hold(() => look(calendars));
      },
      async 'choose public holidays'() {
        await openMore();
        return choose(calendars);
      },
      async 'use a preset'() {
        await open();
        return hold(() => dana.use('rules_preset_escalations'));
      },
      async 'use their rules'() {
        const before = await channel('rules');
        await open();
        await change('rules', {
          version: before?.version + 1,
          rules: { ...before?.rules, riskThreshold: 'critical' },
        });
        await dana.submit({ [dana.field('riskThreshold')]: 'high' });
        await expect
          .poll(() => dana.modalText())
          .toContain('changed these rules while you were editing them');
        const requests = await hold(() => dana.use('rules_use_theirs'));
        await change('rules', { version: before?.version, rules: before?.rules });
        return requests;
      },
      async 'save rules'(step) {
        await open();
        return hold(() => dana.submit({ [dana.field('riskThreshold')]: thresholdOf(step) }));
      },
    },
    async findFaults(steps) {
      const saved = steps.filter(({ kind }) => kind === 'save rules').map(thresholdOf);
      const rules = (await channel('rules'))?.rules;
      return [
        ...check('the risk threshold', rules?.riskThreshold, saved.length === 0 ? ['low'] : saved),
        // Whoever comes second is asked what to do.
        ...check('changes of the rules', await audited('rules', 'rules_changed'), [
          Math.min(1, saved.length),
        ]),
      ];
    },
  };
}

/** Who can manage a channel, and its test alert. */
export function createManagers({ running, dana, hold, press, click, channel, audited }: Stage): Concern {
  const openForm = () => press('managers', 'channel_menu', 'Managers can change the rules', 'managers');
  const managersOf = ({ variant }: Step) => (variant % 2 === 0 ? [people.dana] : [people.dana, people.milo]);
  const externalOf = ({ variant }: Step) => variant >= 2;
  const testAlerts = () =>
    running.slack
      .messages('#managers')
      .filter(({ payload }) => JSON.stringify(payload).includes('(test alert)')).length;
  let testAlertsBefore = 0;

  return {
    async setup() {
      testAlertsBefore = testAlerts();
    },
    kinds: {
      async 'choose who manages'() {
        await openForm();
        const blockId = dana.field('kind');
        return hold(() => dana.use('managers_field', { blockId, choice: 'everyone' }));
      },
      async 'save managers'(step) {
        await openForm();
        return hold(() =>
          dana.submit({
            [dana.field('people')]: managersOf(step),
            [dana.field('external')]: externalOf(step) ? ['acknowledge'] : [],
          }),
        );
      },
      'test alert': () => click('managers', 'channel_menu', 'test_alert'),
    },
    async findFaults(steps) {
      const saves = steps.filter(({ kind }) => kind === 'save managers');
      const now = await channel('managers');
      const wanted = saves.length === 0 ? [people.dana] : saves.map((step) => managersOf(step).join());
      const sent = testAlerts() - testAlertsBefore;
      const clicks = steps.filter(({ kind }) => kind === 'test alert').length;
      return [
        ...check('managers', now?.managers.join(), wanted),
        ...check(
          'externalAcknowledge',
          now?.externalAcknowledge ?? false,
          saves.length === 0 ? [false] : saves.map(externalOf),
        ),
        // A person sees one modal at a time: a click for another one may open none, and then sends none.
        ...(sent > clicks ? [`${sent} test alerts were sent for ${clicks} clicks`] : []),
        ...check('test alerts told of', await audited('managers', 'test_alert_sent'), [sent]),
      ];
    },
  };
}

/** Disconnecting a channel. */
export function createDisconnecting({ dana, hold, press, click, channel, audited }: Stage): Concern {
  return {
    kinds: {
      'ask to disconnect': () => click('disconnect', 'channel_menu', 'disconnect'),
      async disconnect() {
        await press('disconnect', 'channel_menu', 'Disconnect <#', 'disconnect');
        return hold(() => dana.submit());
      },
    },
    async findFaults(steps) {
      const isOut = has(steps, 'disconnect');
      const now = await channel('disconnect');
      return [
        ...check('status', now?.status, [isOut ? 'disconnected' : 'active']),
        ...check('has a webhook', now?.webhookUrl !== undefined, [!isOut]),
        ...check('disconnections', await audited('disconnect', 'disconnected'), [isOut ? 1 : 0]),
      ];
    },
  };
}

/** What a channel's Activity shows, and what can be done there. */
export function createActivity({ running, dana, hold, press, click, audited }: Stage): Concern {
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
      const failed = { state: 'failed', lastError: 'http_500', finishedAt: new Date('2096-01-01') };
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

/** Home itself, for whom it is, its pages and its links. */
export function createHomes({ running, dana, hold }: Stage): Concern {
  const { slack } = running;
  const press = (actionId: string) => hold(() => slack.click({ user: 'dana', on: 'home', actionId }));
  return {
    kinds: {
      'open Home': ({ who }) => hold(() => slack.openHome(who, 'T0ACMECS001')),
      'add a channel': () => press('home_add_channel'),
      'next page': () => press('home_page_next'),
      async 'previous page'() {
        await slack.click({ user: 'dana', on: 'home', actionId: 'home_page_next' });
        await expect.poll(() => dana.home()).toContain('Channels 16–16 of 16');
        const requests = await press('home_page_previous');
        await dana.open('Channels 1–15 of 16');
        return requests;
      },
      'follow a link': ({ who }) =>
        hold(() =>
          slack.click({ user: who, on: slack.messages('#solo')[0]?.ts ?? '', actionId: 'link_home' }),
        ),
    },
    async findFaults() {
      return check('Home of another organisation', textOf(slack.home(people.olga, 'T0ACMECS001')), ['']);
    },
  };
}
