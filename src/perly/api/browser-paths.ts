import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';

const tags = ['In the browser'];
const page = { 'text/html': { schema: { type: 'string' } } } as const;

const busy = {
  429: { description: 'A page: the address opened more than 300 pages within a minute.', content: page },
  503: { description: 'A page: the database is away.', content: page },
} as const;

/** Where Perly sends browsers: people see pages there, and never a problem document. */
export const browserPaths: ZodOpenApiPathsObject = {
  '/slack/install': {
    get: {
      operationId: 'install',
      tags,
      summary: 'Connect a channel',
      description:
        'Leads to Slack, after a page that names the account of the token. Slack asks for the channel, and the channel that is picked then serves the account. A token connects one channel.',
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
          description: 'With a token: a page that names the account, and leads to Slack.',
          content: page,
        },
        302: { description: 'Without a token: to Slack.' },
        403: { description: 'A page that leads back to Perly: the token is not valid.', content: page },
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
            'A page that says which channels came alive, or that leads to the confirmation in Slack.',
          content: page,
        },
        403: { description: 'A page that says why nothing was linked.', content: page },
        409: {
          description: 'A page: no channel waits for this person, or the app has left the workspace.',
          content: page,
        },
        ...busy,
      },
    },
  },
};
