import { z } from 'zod';
import { isOnOrigin } from '../../lib/is-on-origin.ts';
import { maxReturnUrlLength } from '../../lib/perly-token.ts';
import { Problem } from '../problem.ts';
import { toActor } from './channel-operations.ts';
import { defineOperation, type Operation } from './operation.ts';
import { instant, linkResource } from './resources.ts';
import type { ApiServices } from './services.ts';

const tag = 'Account';

/** What Perly can do with an account: connecting, links, deleting it. */
export function accountOperations(services: ApiServices): Operation[] {
  const { perlyAppUrl } = services;
  const { origin } = new URL(perlyAppUrl);

  return [
    defineOperation({
      id: 'createConnectLink',
      method: 'post',
      path: '/perly/connect-link',
      tag,
      summary: 'Make a link that connects a channel',
      description:
        'Send the browser there: Slack asks for the channel. It works once, for ten minutes, unless the account is deleted meanwhile, and its token opens nothing else.',
      body: z
        .strictObject({
          return_url: z
            .string()
            .refine((url) => isOnOrigin(url, [origin]), {
              error: `must be a URL on ${origin}, without user info`,
              abort: true,
            })
            .refine((url) => new URL(url).href.length <= maxReturnUrlLength, {
              error: `must be at most ${maxReturnUrlLength} characters, percent-encoded`,
            })
            .optional()
            .meta({ description: 'Where the last page leads back to, on the origin of PERLY_APP_URL.' }),
          name: z.string().max(200).optional().meta({ description: 'The account as people know it.' }),
        })
        .meta({
          examples: [{ return_url: `${perlyAppUrl}/settings/notifications/slack`, name: 'Northwind' }],
        }),
      answers: {
        201: {
          description: 'The link.',
          body: z.object({ url: z.string(), expires_at: instant }),
        },
      },
      async handle({ accountId, issuedAt, body }) {
        const { token, expiresAt } = await services.signConnectToken({ accountId, issuedAt }, body);
        const url = `${services.installUrl}?token=${token}`;
        return { status: 201, body: { url, expires_at: expiresAt.toISOString() } };
      },
    }),

    defineOperation({
      id: 'listLinks',
      method: 'get',
      path: '/perly/links',
      tag,
      summary: 'List the workspaces that the account is linked to',
      description: 'Each with who linked it, and when.',
      answers: { 200: { description: 'All of them.', body: z.object({ links: z.array(linkResource) }) } },
      async handle({ accountId }) {
        const links = await services.links.listByAccount(accountId);
        const body = links.map(({ teamId, teamName, linkedBy, linkedAt }) => ({
          workspace: { id: teamId, name: teamName },
          linked_by: linkedBy,
          linked_at: linkedAt.toISOString(),
        }));
        return { status: 200, body: { links: body } };
      },
    }),

    defineOperation({
      id: 'removeLink',
      method: 'delete',
      path: '/perly/links/{workspace}',
      tag,
      summary: 'Unlink a workspace',
      description:
        'Its channels that serve the account wait for one again, and are told. What waits for them is dropped, their rules stay.',
      answers: { 204: { description: 'It is unlinked.' } },
      async handle({ accountId, param }) {
        if (await services.unlinking.unlink(param('workspace'), accountId, toActor(accountId)))
          return { status: 204 };
        throw new Problem({
          status: 404,
          code: 'link_unknown',
          title: 'No such link',
          detail: 'This account is not linked to that workspace.',
        });
      },
    }),

    defineOperation({
      id: 'deleteAccount',
      purpose: 'admin',
      method: 'delete',
      path: '/perly/accounts/{id}',
      tag,
      summary: 'Delete all that there is of the account',
      description:
        'Channels, rules, events, deliveries, mutes, links and the record of who changed what, at once and for good. The app stays installed in the workspaces, with nothing of the account.',
      answers: { 204: { description: 'Nothing of it is left. Asking again does no harm.' } },
      async handle({ accountId, issuedAt, param }) {
        if (param('id') !== accountId)
          throw new Problem({
            status: 403,
            code: 'other_account',
            title: 'Another account',
            detail: 'The token is for another account than the path.',
          });
        if (await services.removals.removeAccount(accountId, issuedAt)) return { status: 204 };
        throw new Problem({
          status: 409,
          code: 'account_came_back',
          title: 'The account came back',
          detail:
            'It was deleted, and a newer token brought it back: a repeat deletes nothing. To delete it, sign a new token with `iat`.',
        });
      },
    }),
  ];
}
