import { z } from 'zod';
import type { RemovalEvent } from '../../channels/uninstall-events.ts';
import { isOnOrigin } from '../../lib/is-on-origin.ts';
import { isKnownAction, isKnownSuggestion, isKnownView } from './known-ids.ts';
import { lenient, removalSchema, removalTypes } from './removal-events.ts';

/**
 * `unused`: a kind or id that this app does not use; a message of an earlier version may have one. Faults are by
 * path.
 */
export type ReadPayload =
  | { kind: 'used'; payload: unknown }
  | { kind: 'removal'; event: RemovalEvent }
  | { kind: 'unused'; name: string }
  | { kind: 'wrong'; paths: string[] };

/** Treats `null` as absent. */
function maybe<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** An option that is a link has no value. */
const option = z.object({ value: maybe(z.string()) });

const choice = z.object({
  value: z.string().nullish(),
  selected_option: option.nullish(),
  selected_options: maybe(z.array(option)),
  selected_time: z.string().nullish(),
  selected_date_time: z.int().nullish(),
  selected_user: z.string().nullish(),
  selected_users: maybe(z.array(z.string())),
});

const state = z.object({ values: z.record(z.string(), z.record(z.string(), choice)) });

const clickedView = z.object({
  id: z.string().catch(''),
  callback_id: z.string().catch(''),
  private_metadata: z.string().catch(''),
  state: state.catch({ values: {} }),
  title: z.object({ text: z.string() }).catch({ text: 'Perly' }),
});

const submittedView = clickedView.extend({
  id: z.string(),
  callback_id: z.string(),
  private_metadata: z.string(),
  state,
  app_installed_team_id: lenient(z.string()),
});

const team = z.object({ id: z.string(), enterprise_id: lenient(z.string()) });

/** Bolt uses these fields to find the token. */
const interaction = {
  user: z.object({ id: z.string(), team_id: maybe(z.string()) }),
  team: team.nullish(),
  enterprise: lenient(z.object({ id: z.string() })),
  is_enterprise_install: lenient(z.boolean()),
};

const event = {
  type: z.literal('event_callback'),
  team_id: z.string(),
  context_team_id: lenient(z.string()),
  is_ext_shared_channel: lenient(z.boolean()),
  enterprise_id: lenient(z.string()),
  context_enterprise_id: lenient(z.string()),
  is_enterprise_install: lenient(z.boolean()),
  authorizations: lenient(
    z.array(
      z.object({
        team_id: z.string().nullable(),
        enterprise_id: z.string().nullable().catch(null),
        is_enterprise_install: lenient(z.boolean()),
      }),
    ),
  ),
};

const clickedId = z
  .object({ actions: z.tuple([z.object({ action_id: z.string() })], z.unknown()) })
  .transform(({ actions: [{ action_id: id }] }) => id);
const suggestedId = z.object({ action_id: z.string() }).transform(({ action_id: id }) => id);
const submittedId = z
  .object({ view: z.object({ callback_id: z.string() }) })
  .transform(({ view: { callback_id: id } }) => id);

/** Where each interaction has its id, and which ids a listener handles: Bolt refuses the others after a wait. */
const handledIds = new Map<string, [id: z.ZodType<string>, isKnown: (id: string) => boolean]>([
  ['block_actions', [clickedId, isKnownAction]],
  ['block_suggestion', [suggestedId, isKnownSuggestion]],
  ['view_submission', [submittedId, isKnownView]],
]);

/**
 * Only what this app or Bolt uses is checked and passed on, so that nothing else can break a handler or act as a
 * database query.
 * @see https://docs.slack.dev/reference/interaction-payloads and https://docs.slack.dev/apis/events-api
 */
export function createPayloadReader(origins: readonly string[]): (payload: object) => ReadPayload {
  const responseUrl = z.string().refine((url) => isOnOrigin(url, origins), {
    error: 'is not on one of SLACK_WEBHOOK_ORIGINS',
  });

  const events = new Map<string, z.ZodType<ReadPayload>>([
    [
      'app_home_opened',
      z
        .object({
          ...event,
          event: z.object({ type: z.literal('app_home_opened'), user: z.string(), tab: lenient(z.string()) }),
        })
        .transform(toUsed)
        // Slack ends the subscription of an app that refuses too many events.
        .catch({ kind: 'unused', name: 'app_home_opened without a person or a workspace' }),
    ],
    ...removalTypes.map((type) => [type, removalSchema(type)] as const),
  ]);

  const others = new Map<string, z.ZodType<ReadPayload>>([
    [
      'url_verification',
      z.object({ type: z.literal('url_verification'), challenge: z.string() }).transform(toUsed),
    ],
    [
      'block_actions',
      z
        .object({
          ...interaction,
          type: z.literal('block_actions'),
          // The id is needed only to open a modal.
          trigger_id: z.string().catch(''),
          response_url: maybe(responseUrl),
          actions: z
            .array(
              choice.extend({
                type: lenient(z.string()),
                action_id: z.string(),
                block_id: z.string(),
                action_ts: lenient(z.string()),
              }),
            )
            .min(1),
          message: z.unknown().optional(),
          view: lenient(clickedView),
        })
        .transform(toUsed),
    ],
    [
      'block_suggestion',
      z
        .object({
          ...interaction,
          type: z.literal('block_suggestion'),
          action_id: z.string(),
          value: z.string(),
          view: lenient(clickedView),
        })
        .transform(toUsed),
    ],
    [
      'view_submission',
      z.object({ ...interaction, type: z.literal('view_submission'), view: submittedView }).transform(toUsed),
    ],
  ]);

  return (payload) => {
    const type = typeOf(payload);
    const isEvent = type === 'event_callback';
    const name = isEvent ? eventTypeOf(payload) : type;
    const schema = (isEvent ? events : others).get(name);
    if (schema === undefined) return { kind: 'unused', name };
    const unknownId = unknownIdOf(name, payload);
    if (unknownId !== undefined) return { kind: 'unused', name: `${name} ${unknownId}` };
    const result = schema.safeParse(payload);
    return result.success ? result.data : { kind: 'wrong', paths: pathsOf(result.error) };
  };
}

function toUsed(payload: object): ReadPayload {
  return { kind: 'used', payload };
}

function unknownIdOf(type: string, payload: object): string | undefined {
  const [schema, isKnown] = handledIds.get(type) ?? [];
  const id = schema?.safeParse(payload).data;
  return id === undefined || isKnown?.(id) ? undefined : id;
}

function eventTypeOf(payload: object): string {
  return 'event' in payload && typeof payload.event === 'object' && payload.event !== null
    ? typeOf(payload.event)
    : 'event_callback';
}

function typeOf(value: object): string {
  return 'type' in value && typeof value.type === 'string' ? value.type : 'no type';
}

function pathsOf(error: z.ZodError): string[] {
  return error.issues
    .slice(0, 5)
    .map(({ path }) => path.filter((key) => typeof key !== 'symbol').join('.') || '/');
}
