import type { View } from '@slack/types';
import type { ActivityLine } from '../../src/channels/activity-lines.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { hashRules } from '../../src/slack/home/apply-change.ts';
import { buildActivityModal } from '../../src/slack/views/activity-modal.ts';
import { buildAddChannelModal } from '../../src/slack/views/add-channel-modal.ts';
import { buildDisconnectModal } from '../../src/slack/views/disconnect-modal.ts';
import { buildHome, buildHomeTrouble, type HomeState } from '../../src/slack/views/home.ts';
import { buildLinkAccountModal, buildLinkedNotice } from '../../src/slack/views/link-account.ts';
import { buildManagersModal } from '../../src/slack/views/managers-modal.ts';
import { mentionChannel } from '../../src/slack/views/mentions.ts';
import { buildLoading } from '../../src/slack/views/modal.ts';
import { buildMutedModal } from '../../src/slack/views/muted-modal.ts';
import { buildPauseModal } from '../../src/slack/views/pause-modal.ts';
import { buildPeopleModal } from '../../src/slack/views/people-modal.ts';
import { toDraft } from '../../src/slack/views/rules-draft.ts';
import { buildRulesModal } from '../../src/slack/views/rules-modal.ts';
import { describePreview } from '../../src/slack/views/summarize-rules.ts';
import { buildTestAlertModal } from '../../src/slack/views/test-alert-modal.ts';
import type { Channel } from '../../src/store/channels/document.ts';
import { businessHours } from './business-hours.ts';
import { channelOf } from './channel-of.ts';
import { sampleEvent, sampleNames } from './sample-events.ts';

const now = new Date('2026-03-05T14:00:00Z');
const url = 'https://perly-slack.example.com/slack/install?link=abc';

const channel = channelOf(now, {
  _id: 'T0ACMECS001:C0HEALTH001',
  teamId: 'T0ACMECS001',
  teamName: 'Acme CS',
  slackChannelId: 'C0HEALTH001',
  configurationUrl: 'https://acme-cs.slack.com/services/B0WEBHOOK01',
  rules: {
    ...defaultRules,
    timing: businessHours({ timeZone: 'Europe/Berlin', end: '17:30' }),
  },
  connectedBy: 'U0DANA00001',
  managers: ['U0DANA00001'],
});

const account = { accountId: 'acct_demo', accountName: 'Northwind & Sons' };
const help = {
  aboutUrl: 'https://slack.perly.ai/',
  supportUrl: 'https://slack.perly.ai/support',
  privacyUrl: 'https://slack.perly.ai/privacy',
};

function home(change: Partial<HomeState> = {}): View {
  return buildHome({
    teamId: 'T0ACMECS001',
    cards: [],
    page: 0,
    total: 0,
    broken: 0,
    waiting: 0,
    question: undefined,
    accounts: [account],
    owners: [{ userId: null }, { userId: 'U0DANA00001' }],
    links: { addChannel: url },
    help,
    now,
    ...change,
  });
}

function cardOf(change: Partial<Channel>, index: number): HomeState['cards'][number] {
  return {
    channel: { ...channel, ...change, _id: `T0ACMECS001:C0HEALTH00${index}` },
    account,
    summary: {
      isWaiting: true,
      lastSentAt: now,
      held: 2,
      nextDigestAt: now,
      failed: 1,
      lastFailedAt: now,
      expired: 1,
    },
    links: { move: url, reconnect: url },
    place: `channel ${index} of 20`,
  };
}

function rulesModal(hasConflict: boolean): View {
  const { rules } = channel;
  return buildRulesModal({
    channel: mentionChannel(channel),
    metadata: {
      channelId: channel._id,
      version: 1,
      base: hashRules(rules),
      generation: 0,
      group: hasConflict ? 'rare' : 'hours',
      groupChanges: 0,
    },
    draft: toDraft(hasConflict ? { ...rules, owners: ['own_ana'] } : rules, null),
    ownerNames: new Map([['own_ana', 'Ana *Lopez*']]),
    ...describePreview({
      sent: 12,
      held: 3,
      suppressed: 25,
      latestSent: [
        { type: 'customer_at_risk', customer: { id: 'cus_1', name: 'Acme *Corp*' }, isHeld: false },
        { type: 'health_score_drop', customer: { id: 'cus_2', name: 'Globex' }, isHeld: true },
      ],
      latestSuppressed: [
        {
          type: 'expansion_signal',
          customer: { id: 'cus_3', name: 'Initech' },
          reason: 'below_risk_threshold',
        },
      ],
    }),
    ...(hasConflict && { conflict: { who: '<@U0MILO00002>', rules } }),
    now,
  });
}

/** One sample of every view of the app, by name. */
export function sampleViews(): [name: string, view: View][] {
  const { _id: channelId } = channel;
  const mentioned = mentionChannel(channel);
  const instant = now.toISOString();
  const cards = [
    cardOf({}, 1),
    cardOf({ status: 'broken', brokenReason: 'The channel was archived.' }, 2),
    cardOf({ accountId: null }, 3),
    cardOf({ pausedUntil: 'until_resumed' }, 4),
    cardOf({ externalSeenAt: now }, 5),
  ];
  const results = [
    { kind: 'sent' },
    { kind: 'failed' },
    { kind: 'failed', why: 'unreadable' },
    { kind: 'busy', until: null },
    { kind: 'broken', reason: 'The channel was archived.' },
  ] as const;
  return [
    ['home', home({ cards, total: 20, broken: 1, waiting: 1, question: { ...account, requestId: 'r1' } })],
    ['home, empty', home()],
    ['home, in trouble', buildHomeTrouble(help)],
    ['loading', buildLoading('Activity')],
    ['rules', rulesModal(false)],
    ['rules, changed by someone else', rulesModal(true)],
    ['activity', activity()],
    ['muted customers', mutedCustomers()],
    ['add channel', buildAddChannelModal([{ ...account, url }])],
    ['link account', buildLinkAccountModal(url, url)],
    ['linked', buildLinkedNotice(account, { on: [mentioned], paused: [mentioned], broken: [mentioned] })],
    ['pause', buildPauseModal(mentioned, { channelId, hour: instant, tomorrow: instant })],
    [
      'managers',
      buildManagersModal('people', {
        channelId,
        channel: mentioned,
        people: ['U0DANA00001'],
        external: false,
      }),
    ],
    [
      'managers, everyone',
      buildManagersModal('everyone', { channelId, channel: mentioned, people: [], external: true }),
    ],
    [
      'people',
      buildPeopleModal({ teamId: channel.teamId, page: 0 }, [
        {
          account,
          owners: [
            { id: 'own_ana', name: 'Ana *Lopez*', userId: null },
            { id: 'own_milo', name: 'Milo', userId: 'U0MILO00002' },
          ],
        },
      ]),
    ],
    ['disconnect', buildDisconnectModal(mentioned, { held: 2, isWaiting: true }, channel)],
    ...results.map((result): [string, View] => [
      `test alert, ${result.kind}`,
      buildTestAlertModal(mentioned, result, url),
    ]),
  ];
}

function activity(): View {
  const items = sampleNames.map((name, sequence) => ({
    event: sampleEvent(name),
    receivedAt: now,
    position: sequence,
    outcome: 'sent' as const,
    reason: null,
    at: now,
    inDigest: false,
    deliveryId: `delivery-${sequence}`,
    acknowledgedBy: 'U0MILO00002',
    undoneBy: null,
    remindedAt: null,
  }));
  const [first, ...others] = items.map((item) => ({
    ...item,
    outcome: 'suppressed' as const,
    reason: 'paused',
  }));
  const run: ActivityLine[] = first === undefined ? [] : [[first, ...others]];
  const lines = [...items.map((item): ActivityLine => [item]), ...run];
  return buildActivityModal(channel, { lines, next: 1 });
}

function mutedCustomers(): View {
  const mute = {
    channelId: channel._id,
    accountId: account.accountId,
    customerId: 'cus_1',
    customerName: 'Acme Corp',
    until: now,
    mutedBy: 'U0DANA00001',
    reason: 'Moves to another plan',
    createdAt: now,
  };
  const others = Array.from({ length: 30 }, (_, index) => ({ ...mute, customerName: `Customer ${index}` }));
  return buildMutedModal(channel, [mute, ...others], 1);
}
