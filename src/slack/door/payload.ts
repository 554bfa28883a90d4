import { z } from 'zod';
import { isOnOrigin } from '../../is-on-origin.ts';

/** An option that was chosen; one that is only a link has no value. */
const option = z.looseObject({ value: z.string().optional() });

/** What somebody chose or typed, in a click or in the state of a view. */
const choice = z.looseObject({
  value: z.string().nullish(),
  selected_option: option.nullish(),
  selected_options: z.array(option).optional(),
  selected_time: z.string().nullish(),
  selected_user: z.string().nullish(),
  selected_users: z.array(z.string()).optional(),
});

const view = z.looseObject({
  id: z.string(),
  callback_id: z.string(),
  private_metadata: z.string(),
  hash: z.string().optional(),
  state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), choice)) }),
});

const place = z.looseObject({ id: z.string() });

/** By these keys Bolt would take an interaction for something else. */
const absent = z.undefined().optional();

const interaction = {
  event: absent,
  command: absent,
  name: absent,
  user: z.looseObject({ id: z.string(), team_id: z.string().optional() }),
  team: place.nullish(),
  enterprise: place.nullish(),
  channel: place.optional(),
  is_enterprise_install: z.boolean().optional(),
};

/** The events that `manifest.json` asks for. */
const event = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('app_home_opened'),
    user: z.string(),
    channel: z.string().optional(),
    tab: z.string(),
  }),
  z.looseObject({ type: z.literal('app_uninstalled') }),
  z.looseObject({
    type: z.literal('tokens_revoked'),
    tokens: z.looseObject({ bot: z.array(z.string()).optional() }),
  }),
]);

/** In seconds since 1970, of any time that a date can be of. */
const eventTime = z.int().min(0).max(10_000_000_000);

/**
 * What Slack sends to this app, as far as anyone reads it: whatever is no more than typed as a string further on is one,
 * so that nothing in a payload can act as a query of the database, or break what handles it.
 *
 * @param origins where a `response_url` may lead (SLACK_WEBHOOK_ORIGINS)
 * @see https://docs.slack.dev/reference/interaction-payloads
 */
export function payloadSchema(origins: readonly string[]) {
  const responseUrl = z.string().refine((url) => isOnOrigin(url, origins), {
    error: 'is not on one of SLACK_WEBHOOK_ORIGINS',
  });

  return z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('url_verification'), challenge: z.string() }),
    z.looseObject({
      type: z.literal('event_callback'),
      team_id: z.string(),
      enterprise_id: z.string().nullish(),
      event_time: eventTime,
      authorizations: z
        .array(z.looseObject({ team_id: z.string().nullable(), enterprise_id: z.string().nullable() }))
        .optional(),
      event,
    }),
    z.looseObject({
      ...interaction,
      type: z.literal('block_actions'),
      trigger_id: z.string(),
      response_url: responseUrl.optional(),
      actions: z
        .array(choice.extend({ type: z.string(), action_id: z.string(), block_id: z.string() }))
        .min(1),
      view: view.optional(),
    }),
    z.looseObject({
      ...interaction,
      type: z.literal('block_suggestion'),
      actions: absent,
      action_id: z.string(),
      block_id: z.string(),
      value: z.string(),
    }),
    z.looseObject({
      ...interaction,
      type: z.enum(['view_submission', 'view_closed']),
      actions: absent,
      response_urls: z.array(z.looseObject({ response_url: responseUrl })).optional(),
      view: view.extend({ title: z.looseObject({ text: z.string() }) }),
    }),
  ]);
}
