import type { SlackApp } from './app.ts';
import type { Random } from './ids.ts';
import { type ChannelSeed, defaultTeam, type TeamSeed, type UserSeed } from './seed.ts';

export interface LocalSlackOptions {
  /** 0 chooses a free one. */
  port?: number;
  clientId?: string;
  clientSecret?: string;
  signingSecret?: string;
  appName?: string;
  /** By default any loopback address. */
  redirectUrls?: readonly string[];
  /** Events and interactions go to `${appUrl}/slack/events`. */
  appUrl?: string;
  team?: { id?: string; name?: string; domain?: string };
  users?: readonly UserSeed[];
  channels?: readonly ChannelSeed[];
  /** Instead of `team`, `users` and `channels`. */
  teams?: readonly TeamSeed[];
  /** Milliseconds since 1970. */
  clock?: () => number;
  random?: Random;
  /** More than one message a second in a channel is answered with 429; true by default. */
  enforceRate?: boolean;
  /** At once, before the rate applies. Default: 2. */
  burst?: number;
  /** Also the lifetime of triggers. Default: 3,000, as in Slack. */
  answerTimeoutMs?: number;
  /** Unacknowledged events are repeated every hour for a day after the first three times. */
  delayedEvents?: boolean;
}

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
