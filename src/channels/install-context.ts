import { z } from 'zod';

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
]);

export type SlackLink = z.infer<typeof slackLinkSchema>;

/**
 * Who sent the browser through OAuth, Perly or a link in Slack; it travels in the signed state, which its user can
 * read.
 */
export const installContextSchema = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('perly'),
    accountId: z.string(),
    /** As Perly calls it. */
    accountName: z.string().optional(),
    /** Which token it was: one of them connects one channel. */
    tokenId: z.string(),
    /** When it was signed. Milliseconds since 1970. */
    tokenIssuedAt: z.number(),
    /** Where Perly wants the browser back, on Perly's origin. */
    returnUrl: z.string().optional(),
  }),
  z.object({ from: z.literal('slack'), link: slackLinkSchema }),
]);

export type InstallContext = z.infer<typeof installContextSchema>;
