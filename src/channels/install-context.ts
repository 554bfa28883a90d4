import { z } from 'zod';

/** A link works only for the person it was shown to, and in no other workspace. */
export const slackLinkSchema = z.discriminatedUnion('intent', [
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

/** Part of the signed state of OAuth, which the browser can read. */
export const installContextSchema = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('perly'),
    accountId: z.string(),
    accountName: z.string().optional(),
    /** Each token connects one channel only. */
    tokenId: z.string(),
    /** When the token was signed, in ms since 1970. */
    tokenIssuedAt: z.number(),
    returnUrl: z.string().optional(),
  }),
  z.object({ from: z.literal('slack'), link: slackLinkSchema }),
]);

export type InstallContext = z.infer<typeof installContextSchema>;
