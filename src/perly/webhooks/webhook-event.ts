import { z } from 'zod';
import { readRules } from '../../domain/rules.ts';
import type { PublishedChange } from '../../store/channels/outbox.ts';
import { instant } from '../api/resources.ts';
import { rulesResource, toRulesResource } from '../api/rules-resource.ts';

const webhookEventTypes = [
  'channel.connected',
  'channel.restored',
  'channel.broken',
  'channel.disconnected',
  'channel.rules_changed',
] as const;

export const webhookEventResource = z
  .object({
    type: z.enum(webhookEventTypes).meta({
      description:
        '`connected`: it serves the account from now on. `restored`: it was reconnected, or recovered by itself. `broken`: nothing can be sent there until it is restored. `disconnected`: it no longer serves the account.',
    }),
    timestamp: instant,
    data: z.object({
      account_id: z.string(),
      channel: z.object({
        id: z.string(),
        workspace: z.object({ id: z.string(), name: z.string().nullable() }),
        name: z.string(),
      }),
      rules: rulesResource,
      reason: z.string().nullable().meta({ description: 'Why it is broken.' }),
      by: z.string().nullable().meta({ description: 'The Slack user who made the change, if any.' }),
    }),
  })
  .meta({ id: 'OutgoingWebhook' });

type WebhookEvent = z.infer<typeof webhookEventResource>;

const publishedActions: Partial<Record<PublishedChange['action'], WebhookEvent['type']>> = {
  connected: 'channel.connected',
  linked: 'channel.connected',
  moved: 'channel.connected',
  reconnected: 'channel.restored',
  restored: 'channel.restored',
  rules_changed: 'channel.rules_changed',
  unlinked: 'channel.disconnected',
  disconnected: 'channel.disconnected',
  broken: 'channel.broken',
};

/** `undefined` for a change that does not concern Perly, or a channel without an account. */
export function toWebhookEvent({
  action,
  actor,
  at,
  channelId,
  teamId,
  channel,
}: PublishedChange): WebhookEvent | undefined {
  const type = publishedActions[action];
  if (type === undefined || channel.accountId === null) return undefined;
  return {
    type,
    timestamp: at.toISOString(),
    data: {
      account_id: channel.accountId,
      channel: {
        id: channelId,
        workspace: { id: teamId, name: channel.teamName },
        name: channel.name,
      },
      rules: toRulesResource(readRules(channel.rules)),
      reason: type === 'channel.broken' ? channel.brokenReason : null,
      by: actor?.kind === 'user' ? actor.userId : null,
    },
  };
}
