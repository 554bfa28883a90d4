import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { ActivityItem } from '../../channels/activity.ts';
import type { LinkConfirmations } from '../../channels/link-confirmations.ts';
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

/** Slack's Web API, as far as views need it. */
export type ViewsClient = Pick<WebClient, 'views'>;

/** The Web API of a workspace; `undefined` when the app is not installed there any more. */
export type ClientOf = (teamId: string) => Promise<ViewsClient | undefined>;

/** Where buttons of Home lead, made for one viewer. */
type HomeLinks = Pick<SlackLinks, 'addChannel' | 'move' | 'reconnect' | 'linkAccount' | 'sendOn'>;

/** All that Home and its modals need of the rest of the app. */
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
  /** The Perly accounts that a workspace is linked to. */
  listAccounts: (teamId: string) => Promise<readonly NamedAccount[]>;
  /** Links that wait for their person to confirm. */
  confirmations: Pick<LinkConfirmations, 'find' | 'confirm' | 'cancel'>;
  /** A channel's latest events, the latest first, with what became of each. */
  listActivity: (channel: Channel, limit: number) => Promise<ActivityItem[]>;
  /** What rules would have done with the last seven days. */
  previewRules: (channel: Channel, rules: Rules) => Promise<Preview>;
  sendTestAlert: (channel: Channel, actor: Actor) => Promise<TestAlertResult>;
  links: HomeLinks;
  help: HelpLinks;
  clock: Clock;
  timeouts: SlackTimeouts;
  logger: Logger;
};
