import type { SlackApp } from './app.ts';
import type { Random } from './ids.ts';
import { type ChannelSeed, defaultTeam, type TeamSeed, type UserSeed } from './seed.ts';

/** How to start a local Slack. Everything has a sensible default. */
export interface LocalSlackOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  clientId?: string;
  clientSecret?: string;
  signingSecret?: string;
  appName?: string;
  /** Allowed beginnings of a `redirect_uri`; any loopback address where it is not given. */
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
  /** Whether more than one message a second into a channel is answered with 429; true unless said otherwise. */
  enforceRate?: boolean;
  /** How many messages may come at once before the pace is kept; 1 is strict. Default: 2. */
  burst?: number;
  /** How long Slack waits for an answer, and how long a trigger lives. Milliseconds; default: 3,000, as Slack's. */
  answerTimeoutMs?: number;
  /** Whether Delayed Events are switched on: unacknowledged events are repeated each hour for a day after the three times. */
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
