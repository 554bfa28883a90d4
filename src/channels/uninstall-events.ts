import { type Clock, later } from '../lib/clock.ts';
import { hourMs, minuteMs } from '../lib/time.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { InstallationChecks } from './installation-checks.ts';
import type { WorkspaceRemoval } from './uninstall.ts';

/** @see https://docs.slack.dev/reference/events/app_uninstalled and …/tokens_revoked */
export type RemovalEvent = {
  type: 'app_uninstalled' | 'tokens_revoked';
  teamId: string;
  /** When it happened, by Slack's clock; `undefined` if Slack does not say. */
  at: Date | undefined;
  /** For `tokens_revoked`: the bot users whose tokens were revoked. User tokens are not this app's. */
  botUserIds: readonly string[] | 'unknown';
};

/** Requests with a timestamp further from our clock are refused. */
const maxClockSkewMs = 5 * minuteMs;

/** Slack repeats an event for 24 hours with Delayed Events; this adds a margin. */
const maxDelayMs = 25 * hourMs;

/**
 * If the times do not decide whether an event is about an earlier installation or token, Slack is asked. The returned
 * function resolves when the consequences of the event are durable.
 */
export function createRemovalEvents(parts: {
  installations: Pick<InstallationStore, 'findBot'>;
  removal: Pick<WorkspaceRemoval, 'begin'>;
  checks: Pick<InstallationChecks, 'request'>;
  clock: Pick<Clock, 'now'>;
}): (event: RemovalEvent) => Promise<void> {
  return async ({ type, teamId, at, botUserIds }) => {
    if (type === 'tokens_revoked' && botUserIds.length === 0) return;
    const installed = await parts.installations.findBot(teamId);
    if (installed === undefined) return;
    if (at !== undefined && at.getTime() - installed.installedAt.getTime() < -maxClockSkewMs) return;
    const earliest = at ?? later(parts.clock, -maxDelayMs);
    const since = type === 'tokens_revoked' ? installed.tokenSavedAt : installed.installedAt;
    const isCurrent = earliest.getTime() - since.getTime() > maxClockSkewMs;
    const isOurBot =
      type === 'app_uninstalled' || (botUserIds !== 'unknown' && botUserIds.includes(installed.botUserId));
    if (isOurBot && isCurrent && (await parts.removal.begin(teamId, installed, type))) return;
    await parts.checks.request(teamId);
  };
}
