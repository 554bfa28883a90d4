import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';

const tags = ['In the browser'];
const page = { 'text/html': { schema: { type: 'string' } } } as const;

const busy = {
  429: { description: 'A page: more than 300 requests from this address within a minute.', content: page },
  503: { description: 'A page: the database is unavailable.', content: page },
} as const;

/** Answers are pages for people, never problem documents. */
export const browserPaths: ZodOpenApiPathsObject = {
  '/slack/install': {
    get: {
      operationId: 'install',
      tags,
      summary: 'Connect a channel',
      description:
        'Shows a page that names the token’s account, and continues to Slack. Slack asks for the channel, which then serves the account. A token connects one channel.',
      security: [{ connectToken: [] }, {}],
      requestParams: {
        query: z.object({
          token: z.string().optional().meta({
            description: 'See `connectToken`. Without one the channel waits for an account.',
          }),
        }),
      },
      responses: {
        200: {
          description: 'With a token: a page that names the account and continues to Slack.',
          content: page,
        },
        302: { description: 'Without a token: a redirect to Slack.' },
        403: { description: 'The token is not valid: a page that links back to Perly.', content: page },
        ...busy,
      },
    },
  },
  '/perly/link': {
    get: {
      operationId: 'link',
      tags,
      summary: 'Link a workspace to an account',
      description:
        'Perly’s page `/settings/notifications/slack/link` is opened with a `state`: a JWT of this app (HS256, the newest secret of PERLY_TOKEN_SECRETS, `aud` is `perly-slack-link-state`) with `team_id`, `team_name` and `user_id`, ten minutes long. When its user has agreed, Perly sends the browser here. A state works once. Who did not come through Slack’s OAuth in this browser a moment ago confirms in the App Home; only channels that wait and that this person manages are linked.',
      security: [{ connectToken: [] }],
      requestParams: {
        query: z.object({
          token: z.string().meta({
            description: 'See `connectToken`; it carries the `state` as it came.',
          }),
        }),
      },
      responses: {
        200: {
          description:
            'A page that lists the channels that are now active, or that asks to confirm in Slack.',
          content: page,
        },
        403: { description: 'A page that says why nothing was linked.', content: page },
        409: {
          description:
            'A page: none of this person’s channels is waiting, or the app is not installed any more.',
          content: page,
        },
        ...busy,
      },
    },
  },
};
