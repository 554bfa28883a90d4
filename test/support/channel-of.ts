import { defaultRules } from '../../src/domain/rules.ts';
import type { Channel } from '../../src/store/channels/document.ts';

/** By default an active one of the demo's account that everyone manages, connected at the given time. */
export function channelOf(connectedAt: Date, rest: Partial<Channel> = {}): Channel {
  return {
    _id: 'T1:C1',
    teamId: 'T1',
    teamName: null,
    slackChannelId: 'C1',
    name: '#customer-health',
    accountId: 'acct_demo',
    rules: defaultRules,
    version: 1,
    rulesEpoch: 1,
    needsReevaluation: false,
    status: 'active',
    brokenReason: null,
    brokenAt: null,
    pausedUntil: null,
    connectedBy: 'U1',
    managers: 'everyone',
    createdAt: connectedAt,
    servesSince: connectedAt,
    connectedAt,
    expiresAt: null,
    ...rest,
  };
}
