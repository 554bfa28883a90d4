import { z } from 'zod';
import type { RemovalEvent } from '../../channels/uninstall-events.ts';

export const removalTypes = ['app_uninstalled', 'tokens_revoked'] as const;

/** Reads whole seconds since 1970 as the end of that second; impossible values count as absent. */
const eventTime = lenient(
  z
    .int()
    .min(1_300_000_000)
    .max(10_000_000_000)
    .transform((seconds) => new Date(seconds * 1000 + 999)),
);

const id = lenient(z.string().min(1));

/** Nothing is required: a change in Slack's format must not make the app miss an uninstall. */
const envelope = z.object({
  team_id: id,
  context_team_id: id,
  authorizations: lenient(z.tuple([z.object({ team_id: id })], z.unknown())),
  event_time: eventTime,
  event: z.object({
    tokens: lenient(z.object({ bot: z.array(z.string()).nullish(), oauth: z.array(z.string()).nullish() })),
  }),
});

/** Ignores an event that names no workspace. */
export function removalSchema(type: RemovalEvent['type']) {
  return envelope.transform((read) => {
    const teamId = read.team_id ?? read.context_team_id ?? read.authorizations?.[0].team_id;
    if (teamId === undefined) return { kind: 'unused' as const, name: `${type} without a workspace` };
    const event: RemovalEvent = { type, teamId, at: read.event_time, botUserIds: botsOf(read.event.tokens) };
    return { kind: 'removal' as const, event };
  });
}

/** Returns no bots if only people's tokens are listed. */
function botsOf(tokens: z.infer<typeof envelope>['event']['tokens']): RemovalEvent['botUserIds'] {
  if (tokens?.bot) return tokens.bot;
  return tokens?.oauth ? [] : 'unknown';
}

/** Used for values that nothing depends on. */
export function lenient<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}
