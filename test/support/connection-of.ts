import type { ChannelConnection } from '../../src/store/channels/document.ts';

/** By default channel `T1:C1` and the demo's account. */
export function connectionOf(rest: Partial<ChannelConnection> = {}): ChannelConnection {
  return {
    teamId: 'T1',
    teamName: null,
    slackChannelId: 'C1',
    name: '#c',
    accountId: 'acct_demo',
    webhookUrl: 'https://hooks.slack.com/services/T1/B1/x',
    connectedBy: 'U1',
    ...rest,
  };
}
