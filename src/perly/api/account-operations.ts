import { z } from 'zod';
import { isOnOrigin } from '../../lib/is-on-origin.ts';
import { maxReturnUrlLength } from '../../lib/perly-token.ts';
import { Problem } from '../problem.ts';
import { toActor } from './channel-operations.ts';
import { defineOperation, type Operation } from './operation.ts';
import { instant, linkResource } from './resources.ts';
import type { ApiServices } from './services.ts';

const tag = 'Account';

export function accountOperations(services: ApiServices): Operation[] {
  const { perlyAppUrl } = services;
  const { origin } = new URL(perlyAppUrl);

  return [
    defineOperation({
      id: 'createConnectLink',
      method: 'post',
      path: '/perly/connect-link',
      tag,
      summary: 'Create a link that connects a channel',
      description:
        'Send the browser to this link, where Slack asks for the channel. It works once, within ten minutes, unless the account is deleted meanwhile. Its token grants nothing else.',
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
            .nullish()
            .meta({ description: 'Where the last page links back to, on the origin of PERLY_APP_URL.' }),
          name: z.string().max(200).nullish().meta({ description: 'The account’s name for people.' }),
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
        const claims = { name: body.name ?? undefined, return_url: body.return_url ?? undefined };
        const { token, expiresAt } = await services.signConnectToken({ accountId, issuedAt }, claims);
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
      description: 'Each with the person who linked it and the time.',
      answers: { 200: { description: 'All workspaces.', body: z.object({ links: z.array(linkResource) }) } },
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
        'Its channels that serve the account get a message and wait for an account again. Their pending alerts are dropped, their rules stay.',
      answers: { 204: { description: 'Unlinked.' } },
      async handle({ accountId, param }) {
        if (await services.unlinking.unlink(param('workspace'), accountId, toActor(accountId)))
          return { status: 204 };
        throw linkUnknown();
      },
    }),

    defineOperation({
      id: 'deleteAccount',
      purpose: 'admin',
      method: 'delete',
      path: '/perly/accounts/{id}',
      tag,
      summary: 'Delete all data of the account',
      description:
        'Deletes channels, rules, events, deliveries, mutes, links and the audit trail, immediately and permanently. The app stays installed in the workspaces.',
      answers: { 204: { description: 'Everything is deleted. Repeating the request is harmless.' } },
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
            'The account was deleted, and a newer token brought it back, so repeating the request deletes nothing. To delete it, sign a new token with `iat`.',
        });
      },
    }),
  ];
}

export function linkUnknown(): Problem {
  return new Problem({
    status: 404,
    code: 'link_unknown',
    title: 'No such link',
    detail: 'This account is not linked to that workspace.',
  });
}
