import { z } from 'zod';
import { displayLengths } from '../../domain/event.ts';
import { ownerIdSchema } from '../../domain/owner.ts';
import { isUserId } from '../../messages/block-kit/mrkdwn.ts';
import { toFaults } from '../to-faults.ts';
import { linkUnknown } from './account-operations.ts';
import { toActor } from './channel-operations.ts';
import { type Call, defineOperation, invalid, type Operation } from './operation.ts';
import type { ApiServices } from './services.ts';

const tag = 'Owners';
const path = '/perly/links/{workspace}/owners';

const userId = z
  .string()
  .refine(isUserId, { error: 'must be the id of a Slack user, like U012AB3CD' })
  .meta({ description: 'The id of a user in that workspace.' });

const ownerResource = z
  .object({
    id: z.string().meta({ description: '`customer.owner.id` of the events.' }),
    name: z.string(),
    slack_user: z.string().nullable().meta({ description: 'Whom alerts mention; null if nobody has said.' }),
  })
  .meta({ id: 'Owner' });

export function ownerOperations({ owners }: Pick<ApiServices, 'owners'>): Operation[] {
  return [
    defineOperation({
      id: 'listOwners',
      method: 'get',
      path,
      tag,
      summary: 'List the owners of the account’s customers',
      description:
        'The owners in the events of the last 30 days, and those with a Slack user in this workspace. Those without one come first.',
      answers: { 200: { description: 'All owners.', body: z.object({ owners: z.array(ownerResource) }) } },
      async handle({ accountId, param }) {
        const place = { teamId: param('workspace'), accountId };
        if (!(await owners.isLinked(place))) throw linkUnknown();
        const found = await owners.list(place);
        return { status: 200, body: { owners: found.map(toResource) } };
      },
    }),

    defineOperation({
      id: 'putOwnerUser',
      method: 'put',
      path: `${path}/{owner}`,
      tag,
      summary: 'Set the Slack user of an owner',
      description:
        'Alerts about this owner’s customers mention the user, if a channel’s rules say so (`mention_owner`). It ends when the workspace is unlinked.',
      body: z.strictObject({
        slack_user: userId,
        name: z
          .string()
          .max(displayLengths.name)
          .nullish()
          .meta({ description: 'For an owner whom no event has named yet.' }),
      }),
      answers: { 200: { description: 'The owner.', body: ownerResource } },
      async handle(call) {
        const place = { teamId: call.param('workspace'), accountId: call.accountId };
        const id = readOwnerId(call);
        const known = (await owners.list(place)).find((owner) => owner.id === id);
        const name = known?.name ?? call.body.name ?? id;
        const actor = toActor(call.accountId);
        if (!(await owners.setUser(place, { id, name }, call.body.slack_user, actor))) throw linkUnknown();
        return { status: 200, body: toResource({ id, name, userId: call.body.slack_user }) };
      },
    }),

    defineOperation({
      id: 'deleteOwnerUser',
      method: 'delete',
      path: `${path}/{owner}`,
      tag,
      summary: 'Remove the Slack user of an owner',
      description: 'Alerts show the owner’s name again. Do this when the person leaves.',
      answers: { 204: { description: 'Removed. Repeating the request is harmless.' } },
      async handle(call) {
        const place = { teamId: call.param('workspace'), accountId: call.accountId };
        const actor = toActor(call.accountId);
        if (!(await owners.removeUser(place, readOwnerId(call), actor))) throw linkUnknown();
        return { status: 204 };
      },
    }),
  ];
}

function readOwnerId({ param }: Pick<Call<unknown, unknown>, 'param'>): string {
  const result = ownerIdSchema.safeParse(param('owner'));
  if (result.success) return result.data;
  const errors = toFaults(result.error).map(({ message }) => ({ path: 'owner', message }));
  throw invalid('The path is not valid', errors);
}

function toResource({ id, name, userId: slackUser }: { id: string; name: string; userId: string | null }) {
  return { id, name, slack_user: slackUser };
}
