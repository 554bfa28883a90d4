import { z } from 'zod';
import type { RemovalEvent } from '../../channels/uninstall-events.ts';
import { lenient } from './lenient.ts';

/** The events that say that a workspace removed the app. */
export const removalTypes = ['app_uninstalled', 'tokens_revoked'] as const;

/** In whole seconds since 1970, from when there was a Slack on: the end of that second. Any other value is as none. */
const eventTime = lenient(
  z
    .int()
    .min(1_300_000_000)
    .max(10_000_000_000)
    .transform((seconds) => new Date(seconds * 1000 + 999)),
);

const id = lenient(z.string().min(1));

/** Nothing of it is required: an uninstall must not be missed because Slack's words changed. */
const envelope = z.object({
  team_id: id,
  context_team_id: id,
  authorizations: lenient(z.tuple([z.object({ team_id: id })], z.unknown())),
  event_time: eventTime,
  event: z.object({
    tokens: lenient(z.object({ bot: z.array(z.string()).nullish(), oauth: z.array(z.string()).nullish() })),
  }),
});

/** Reads one of these events; one that names no workspace is not used. */
export function removalSchema(type: RemovalEvent['type']) {
  return envelope.transform((read) => {
    const teamId = read.team_id ?? read.context_team_id ?? read.authorizations?.[0].team_id;
    if (teamId === undefined) return { kind: 'unused' as const, name: `${type} without a workspace` };
    const event: RemovalEvent = { type, teamId, at: read.event_time, botUserIds: botsOf(read.event.tokens) };
    return { kind: 'removal' as const, event };
  });
}

/** A list that is absent beside one of people's tokens is empty. */
function botsOf(tokens: z.infer<typeof envelope>['event']['tokens']): RemovalEvent['botUserIds'] {
  if (tokens?.bot) return tokens.bot;
  return tokens?.oauth ? [] : 'unknown';
}
