import type { AccountRemoval } from '../../channels/account-removal.ts';
import type { ActivityPage, ActivityQuery } from '../../channels/activity.ts';
import type { Owners } from '../../channels/owners.ts';
import type { ChannelSettings } from '../../channels/settings.ts';
import type { TestAlertResult } from '../../channels/test-alert.ts';
import type { Unlinking } from '../../channels/unlink.ts';
import type { Clock } from '../../lib/clock.ts';
import type { PerlyToken } from '../../lib/perly-token.ts';
import type { Actor } from '../../store/audit.ts';
import type { ChannelAccountStore } from '../../store/channels/accounts.ts';
import type { Channel } from '../../store/channels/document.ts';
import type { ChannelStore } from '../../store/channels/store.ts';
import type { DeliveryStore } from '../../store/deliveries/store.ts';
import type { EventStore } from '../../store/events.ts';
import type { LinkStore } from '../../store/links.ts';

export type ApiServices = {
  channels: Pick<ChannelStore, 'find' | 'listByIds'>;
  channelAccounts: Pick<ChannelAccountStore, 'listPage'>;
  deliveries: Pick<DeliveryStore, 'listByIds' | 'listFailedPage' | 'summarise'>;
  events: Pick<EventStore, 'listByKeys' | 'listContents'>;
  links: Pick<LinkStore, 'listByAccount'>;
  settings: Pick<
    ChannelSettings,
    'changeRules' | 'pause' | 'resume' | 'disconnect' | 'retry' | 'setExternalAcknowledge'
  >;
  owners: Pick<Owners, 'isLinked' | 'list' | 'setUser' | 'removeUser'>;
  unlinking: Pick<Unlinking, 'unlink'>;
  removals: { removeAccount: AccountRemoval['remove'] };
  listActivity: (channel: Channel, query: ActivityQuery) => Promise<ActivityPage>;
  sendTestAlert: (channel: Channel, actor: Actor) => Promise<TestAlertResult>;
  installUrl: string;
  perlyAppUrl: string;
  signConnectToken: (
    requester: Pick<PerlyToken, 'accountId' | 'issuedAt'>,
    claims: { name?: string | undefined; return_url?: string | undefined },
  ) => Promise<{ token: string; expiresAt: Date }>;
  clock: Pick<Clock, 'now'>;
};
