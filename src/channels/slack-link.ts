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
