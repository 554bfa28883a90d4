import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import { createSignedTokens } from '../../signed-token.ts';
import { deriveKey } from '../../store/keyring.ts';

/** Who sees a link in Slack. */
export type Viewer = { teamId: string; userId: string };

/** What a link in Slack leads to; it works for nobody but the viewer, in no other workspace. */
export const slackLinkSchema = z.discriminatedUnion('intent', [
  /** `accountId`: where the workspace serves several accounts, the one that the channel shall serve. */
  z.object({
    intent: z.literal('add'),
    teamId: z.string(),
    userId: z.string(),
    accountId: z.string().optional(),
  }),
  z.object({
    intent: z.enum(['move', 'reconnect']),
    teamId: z.string(),
    userId: z.string(),
    channelId: z.string(),
  }),
  z.object({ intent: z.literal('account'), teamId: z.string(), userId: z.string() }),
]);

export type SlackLink = z.infer<typeof slackLinkSchema>;

/** Links for buttons in Slack, each for one viewer. */
export type SlackLinks = {
  /** Connects another channel: to the account that the workspace is linked to, or to one of several. */
  addChannel(viewer: Viewer, accountId?: string): Promise<string>;
  /** Moves a channel's alerts to another channel. @param channelId the `_id` of its document */
  move(viewer: Viewer, channelId: string): Promise<string>;
  reconnect(viewer: Viewer, channelId: string): Promise<string>;
  /** Links the workspace's waiting channels to a Perly account. */
  linkAccount(viewer: Viewer): Promise<string>;
  /** @throws AppError `link_expired` or `link_forged` */
  read(token: string): Promise<SlackLink>;
};

/** A Home that was opened in the morning should work in the evening; opening it makes the links anew. Seconds. */
const linkLifetime = 24 * 60 * 60;

const codes: Record<string, string> = { token_expired: 'link_expired', token_forged: 'link_forged' };

/** @param parts.paths where links to an install and to linking begin */
export function createSlackLinks(parts: {
  secrets: readonly Buffer[];
  appUrl: string;
  paths: { install: string; linkAccount: string };
  clock: Pick<Clock, 'now'>;
}): SlackLinks {
  const { appUrl, paths, clock } = parts;
  const tokens = createSignedTokens({
    keys: parts.secrets.map((secret) => deriveKey(secret, 'links in Slack')),
    audience: 'slack-link',
    lifetime: linkLifetime,
    content: slackLinkSchema,
  });
  const toUrl = async (path: string, link: SlackLink) =>
    `${appUrl}${path}?link=${await tokens.sign(link, clock.now())}`;

  return {
    addChannel: ({ teamId, userId }, accountId) =>
      toUrl(paths.install, { intent: 'add', teamId, userId, ...(accountId !== undefined && { accountId }) }),
    move: ({ teamId, userId }, channelId) =>
      toUrl(paths.install, { intent: 'move', teamId, userId, channelId }),
    reconnect: ({ teamId, userId }, channelId) =>
      toUrl(paths.install, { intent: 'reconnect', teamId, userId, channelId }),
    linkAccount: ({ teamId, userId }) => toUrl(paths.linkAccount, { intent: 'account', teamId, userId }),

    async read(token) {
      try {
        return (await tokens.verify(token, clock.now())).content;
      } catch (cause) {
        if (!(cause instanceof AppError)) throw cause;
        throw new AppError(codes[cause.code] ?? cause.code, 'The link from Slack is not valid.', { cause });
      }
    },
  };
}
