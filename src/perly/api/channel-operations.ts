import { z } from 'zod';
import type { SettingsResult } from '../../channels/settings.ts';
import type { TestAlertResult } from '../../channels/test-alert.ts';
import { toUtc } from '../../domain/instant.ts';
import type { Actor } from '../../store/audit.ts';
import { fromCursor, toPage } from './cursor.ts';
import { type Answer, defineOperation, invalid, type Operation } from './operation.ts';
import { answerChannel, channelUnknown, findOwnChannel } from './own-channel.ts';
import { toChannelResource } from './present.ts';
import { channelResource, pageOf, pageQuery } from './resources.ts';
import type { ApiServices } from './services.ts';

const tag = 'Channels';
const channelAnswer = {
  200: { description: 'The updated channel.', body: channelResource, hasETag: true },
} as const;

export function channelOperations(services: ApiServices): Operation[] {
  const { settings, clock } = services;

  async function answer(result: SettingsResult): Promise<Answer> {
    if (result.kind === 'gone') throw channelUnknown();
    return answerChannel(services, result.channel);
  }

  return [
    defineOperation({
      id: 'listChannels',
      method: 'get',
      path: '/perly/channels',
      tag,
      summary: 'List the account’s channels',
      description: 'Each with its status, its rules and what waits for it, in the order of their ids.',
      query: pageQuery,
      answers: { 200: { description: 'A page of channels.', body: pageOf('channels', channelResource) } },
      async handle({ accountId, query: { limit, cursor } }) {
        const after = fromCursor(z.string(), cursor);
        const found = await services.channelAccounts.listPage(accountId, after, limit + 1);
        const { items, next_cursor } = toPage(found, limit, ({ _id }) => _id);
        const summaries = await services.deliveries.summarise(items);
        const now = clock.now();
        const channels = items.map((each) => toChannelResource(each, summaries.get(each._id), now));
        return { status: 200, body: { channels, next_cursor } };
      },
    }),

    defineOperation({
      id: 'getChannel',
      method: 'get',
      path: '/perly/channels/{id}',
      tag,
      summary: 'Read a channel',
      description: 'Its status, its rules and what waits for it.',
      answers: channelAnswer,
      handle: async (call) => answerChannel(services, await findOwnChannel(services, call)),
    }),

    defineOperation({
      id: 'disconnectChannel',
      method: 'delete',
      path: '/perly/channels/{id}',
      tag,
      summary: 'Disconnect a channel',
      description:
        'Its pending alerts are dropped. Its webhook and mutes are deleted at once, its rules after 13 days.',
      answers: { 204: { description: 'Disconnected.' } },
      async handle(call) {
        const { _id } = await findOwnChannel(services, call);
        const result = await settings.disconnect(_id, toActor(call.accountId));
        if (result.kind === 'gone') throw channelUnknown();
        return { status: 204 };
      },
    }),

    defineOperation({
      id: 'pauseChannel',
      method: 'put',
      path: '/perly/channels/{id}/pause',
      tag,
      summary: 'Pause a channel',
      description: 'Events are suppressed until then. Held alerts are still sent.',
      body: z
        .strictObject({
          until: z.union(
            [
              z.literal('until_resumed'),
              z
                .string()
                .refine((value) => toUtc(value) !== undefined)
                .meta({ format: 'date-time' }),
            ],
            'must be an instant such as 2026-03-02T14:05:00Z, or until_resumed',
          ),
        })
        .meta({ examples: [{ until: 'until_resumed' }] }),
      answers: channelAnswer,
      async handle(call) {
        const { until } = call.body;
        const at = until === 'until_resumed' ? until : new Date(toUtc(until) ?? until);
        if (at !== 'until_resumed' && at <= clock.now())
          throw invalid('The body is not valid', [{ path: 'until', message: 'must be in the future' }]);
        const { _id } = await findOwnChannel(services, call);
        return answer(await settings.pause(_id, at, toActor(call.accountId)));
      },
    }),

    defineOperation({
      id: 'resumeChannel',
      method: 'delete',
      path: '/perly/channels/{id}/pause',
      tag,
      summary: 'Resume a channel',
      description: 'It gets alerts again, by its rules. What came while it was paused is not sent later.',
      answers: channelAnswer,
      async handle(call) {
        const { _id } = await findOwnChannel(services, call);
        return answer(await settings.resume(_id, toActor(call.accountId)));
      },
    }),

    defineOperation({
      id: 'putExternalAcknowledge',
      method: 'put',
      path: '/perly/channels/{id}/external-acknowledge',
      tag,
      summary: 'Set whether people of other organisations may acknowledge alerts',
      description:
        'For channels that Slack Connect shares with another organisation. Not allowed by default.',
      body: z.strictObject({ allowed: z.boolean() }).meta({ examples: [{ allowed: true }] }),
      answers: channelAnswer,
      async handle(call) {
        const { _id } = await findOwnChannel(services, call);
        const { allowed } = call.body;
        return answer(await settings.setExternalAcknowledge(_id, allowed, toActor(call.accountId)));
      },
    }),

    defineOperation({
      id: 'sendTestAlert',
      method: 'post',
      path: '/perly/channels/{id}/test-alert',
      tag,
      summary: 'Send a test alert',
      description:
        'Ignores the rules, and is not retried. Slack accepts one message per second for a channel: a test alert waits up to three seconds for its turn. A broken channel becomes active again if Slack accepts the alert.',
      answers: {
        200: {
          description: 'The result.',
          body: z.object({
            result: z.enum(['sent', 'broken', 'failed', 'busy']).meta({
              description:
                '`broken`: the webhook is gone, for the given `reason`. `failed`: a temporary failure, so try again, unless `reason` says more. `busy`: not posted, because other messages to the channel are being sent (try again in a minute), or because Slack asked to wait (`reason` says until when).',
            }),
            reason: z.string().nullable(),
          }),
        },
      },
      async handle(call) {
        const channel = await findOwnChannel(services, call);
        const result = await services.sendTestAlert(channel, toActor(call.accountId));
        return { status: 200, body: { result: result.kind, reason: reasonOf(result) } };
      },
    }),
  ];
}

const failures = {
  lost: 'Slack did not confirm it, so it may have arrived.',
  unreadable: 'The app cannot read the channel’s webhook. Reconnect the channel.',
} as const;

function reasonOf(result: TestAlertResult): string | null {
  if (result.kind === 'broken') return result.reason;
  if (result.kind === 'failed') return result.why === undefined ? null : failures[result.why];
  if (result.kind !== 'busy' || result.until === null) return null;
  return `Slack asked Perly to wait until ${result.until.toISOString()}.`;
}

export function toActor(accountId: string): Actor {
  return { kind: 'account', accountId };
}
