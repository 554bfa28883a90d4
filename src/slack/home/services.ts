import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import type { ActivityItem } from '../../delivery/activity.ts';
import type { LinkConfirmations } from '../../delivery/link-confirmations.ts';
import type { Preview } from '../../delivery/preview.ts';
import type { ChannelSettings } from '../../delivery/settings.ts';
import type { TestAlertResult } from '../../delivery/test-alert.ts';
import type { Rules } from '../../rules/rules.ts';
import type { Actor, AuditStore } from '../../store/audit.ts';
import type { Channel, ChannelStore } from '../../store/channels.ts';
import type { DeliveryStore } from '../../store/deliveries.ts';
import type { HomeViewerStore } from '../../store/home-viewers.ts';
import type { InsiderStore } from '../../store/insiders.ts';
import type { InstallationStore } from '../../store/installations.ts';
import type { MuteStore } from '../../store/mutes.ts';
import type { NamedAccount } from '../messages/account-name.ts';
import type { People } from '../people.ts';
import type { SlackTimeouts } from '../timeouts.ts';
import type { HelpLinks } from '../views/home.ts';
import type { HomeLinks } from './home-links.ts';
import type { ClientOf } from './publisher.ts';

/** All that Home and its modals need of the rest of the app. */
export type HomeServices = {
  channels: Pick<ChannelStore, 'find' | 'listByTeam'>;
  deliveries: Pick<DeliveryStore, 'summarise'>;
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
