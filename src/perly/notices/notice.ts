import { z } from 'zod';
import type { ChannelDeed } from '../../store/untold.ts';
import { instant } from '../api/resources.ts';
import { rulesResource, toRulesResource } from '../api/rules-resource.ts';

const noticeTypes = [
  'channel.connected',
  'channel.restored',
  'channel.broken',
  'channel.disconnected',
  'channel.rules_changed',
] as const;

/** What Perly is told, as Standard Webhooks shapes it. */
export const noticeResource = z
  .object({
    type: z.enum(noticeTypes).meta({
      description:
        '`connected`: it serves the account from now on. `restored`: it was connected again, or works again by itself. `broken`: nothing can be sent there until then. `disconnected`: it does not serve the account any more.',
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
      by: z.string().nullable().meta({ description: 'The Slack user who did it, if one did.' }),
    }),
  })
  .meta({ id: 'Notice' });

type Notice = z.infer<typeof noticeResource>;

/** What of all that is done to channels Perly is told. */
const toldAs: Partial<Record<ChannelDeed['action'], Notice['type']>> = {
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

/** What Perly is told; `undefined` for what does not concern it, or a channel without an account. */
export function toNotice({ action, actor, at, channelId, teamId, channel }: ChannelDeed): Notice | undefined {
  const type = toldAs[action];
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
      rules: toRulesResource(channel.rules),
      reason: type === 'channel.broken' ? channel.brokenReason : null,
      by: actor?.kind === 'user' ? actor.userId : null,
    },
  };
}
