import type { App } from '@slack/bolt';
import type { Leaving } from '../../../delivery/leaving.ts';

/**
 * A workspace removed the app. Slack sends both events, in any order, and each of them again when it is not sure.
 *
 * @see https://docs.slack.dev/reference/events/app_uninstalled and https://docs.slack.dev/reference/events/tokens_revoked
 */
export function register(app: App, leaving: Pick<Leaving, 'leave'>): void {
  app.event('app_uninstalled', ({ body }) => leaving.leave(body.team_id, sentAt(body)));

  app.event('tokens_revoked', async ({ body, event }) => {
    // Tokens of single users, which this app never asks for, say nothing about the workspace.
    if ((event.tokens.bot ?? []).length > 0) await leaving.leave(body.team_id, sentAt(body));
  });
}

/** The end of the second in which Slack sent an event. */
function sentAt({ event_time: seconds }: { event_time: number }): Date {
  return new Date(seconds * 1000 + 999);
}
