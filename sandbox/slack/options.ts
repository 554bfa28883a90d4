import type { SlackApp } from './app.ts';
import type { Random } from './ids.ts';
import { type ChannelSeed, defaultTeam, type TeamSeed, type UserSeed } from './seed.ts';

/** Options of a local Slack, all with sensible defaults. */
export interface LocalSlackOptions {
  /** 0, the default, chooses a free one. */
  port?: number;
  clientId?: string;
  clientSecret?: string;
  signingSecret?: string;
  appName?: string;
  /** Allowed prefixes of a `redirect_uri`; any loopback address by default. */
  redirectUrls?: readonly string[];
  /** Where the app listens: events and interactions go to `${appUrl}/slack/events`. */
  appUrl?: string;
  /** The first workspace, or parts of it. */
  team?: { id?: string; name?: string; domain?: string };
  users?: readonly UserSeed[];
  channels?: readonly ChannelSeed[];
  /** All workspaces, instead of `team`, `users` and `channels`. */
  teams?: readonly TeamSeed[];
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** Bytes for ids and secrets. */
  random?: Random;
  /** Whether more than one message a second in a channel is answered with 429; true by default. */
  enforceRate?: boolean;
  /** Messages allowed at once before the rate applies; 1 is strict. Default: 2. */
  burst?: number;
  /** Timeout of answers, and lifetime of triggers. Milliseconds; default: 3,000, as in Slack. */
  answerTimeoutMs?: number;
  /**
   * Whether the app has Delayed Events: unacknowledged events are repeated every hour for a day after the first three
   * times.
   */
  delayedEvents?: boolean;
}

/** The app's settings out of the options. */
export function appOf(options: LocalSlackOptions): SlackApp {
  return {
    id: 'A0PERLY0001',
    name: options.appName ?? 'Perly',
    clientId: options.clientId ?? '1234567890.0987654321',
    clientSecret: options.clientSecret ?? 'local-slack-client-secret',
    signingSecret: options.signingSecret ?? 'local-slack-signing-secret',
    verificationToken: 'local-slack-verification-token',
    redirectUrls: options.redirectUrls,
  };
}

/** The workspaces to start with out of the options. */
export function teamsOf({ team, users, channels, teams }: LocalSlackOptions): readonly TeamSeed[] {
  if (teams !== undefined) return teams;
  return [
    {
      id: team?.id ?? defaultTeam.id,
      name: team?.name ?? defaultTeam.name,
      domain: team?.domain ?? defaultTeam.domain,
      users: users ?? defaultTeam.users,
      channels: channels ?? defaultTeam.channels,
    },
  ];
}
