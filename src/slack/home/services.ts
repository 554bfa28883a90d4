import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { ActivityPage, ActivityQuery } from '../../channels/activity.ts';
import type { CustomerSearch } from '../../channels/customer-search.ts';
import type { LinkConfirmations } from '../../channels/link-confirmations.ts';
import type { Owners } from '../../channels/owners.ts';
import type { People } from '../../channels/people.ts';
import type { Preview } from '../../channels/preview.ts';
import type { ChannelSettings } from '../../channels/settings.ts';
import type { TestAlertResult } from '../../channels/test-alert.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Clock } from '../../lib/clock.ts';
import type { NamedAccount } from '../../messages/account-name.ts';
import type { Actor, AuditStore } from '../../store/audit.ts';
import type { Channel } from '../../store/channels/document.ts';
import type { ChannelStore } from '../../store/channels/store.ts';
import type { DeliveryStore } from '../../store/deliveries/store.ts';
import type { EventStore } from '../../store/events.ts';
import type { HomeViewerStore } from '../../store/home-viewers.ts';
import type { InsiderStore } from '../../store/insiders.ts';
import type { InstallationStore } from '../../store/installations.ts';
import type { MuteStore } from '../../store/mutes.ts';
import type { SlackLinks } from '../install/slack-links.ts';
import type { SlackTimeouts } from '../timeouts.ts';
import type { HelpLinks } from '../views/home.ts';

export type ViewsClient = Pick<WebClient, 'views'>;

/** Returns `undefined` if the app is no longer installed there. */
export type ClientOf = (teamId: string) => Promise<ViewsClient | undefined>;

type HomeLinks = Pick<SlackLinks, 'addChannel' | 'move' | 'reconnect' | 'linkAccount' | 'forward'>;

export type HomeServices = {
  channels: Pick<ChannelStore, 'find' | 'listByTeam'>;
  deliveries: Pick<DeliveryStore, 'summarise'>;
  events: Pick<EventStore, 'hasSince'>;
  viewers: HomeViewerStore;
  insiders: Pick<InsiderStore, 'save'>;
  installations: Pick<InstallationStore, 'findEnterprise' | 'listOfEnterprise'>;
  people: People;
  clientOf: ClientOf;
  mutes: Pick<MuteStore, 'listByChannel'>;
  audit: Pick<AuditStore, 'listByChannel'>;
  settings: ChannelSettings;
  owners: Pick<Owners, 'list' | 'listSeen' | 'setUser' | 'removeUser'>;
  listAccounts: (teamId: string) => Promise<readonly NamedAccount[]>;
  confirmations: Pick<LinkConfirmations, 'find' | 'confirm' | 'cancel'>;
  listActivity: (channel: Channel, query: ActivityQuery) => Promise<ActivityPage>;
  customerSearch: CustomerSearch;
  previewRules: (channel: Channel, rules: Rules) => Promise<Preview>;
  sendTestAlert: (channel: Channel, actor: Actor) => Promise<TestAlertResult>;
  links: HomeLinks;
  help: HelpLinks;
  clock: Clock;
  timeouts: SlackTimeouts;
  logger: Logger;
};
