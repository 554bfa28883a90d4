import { maxPostMs } from '../delivery/webhook/client.ts';

export type SlackTimeouts = {
  webhookMs: number;
  webApiMs: number;
  /** Time for the work of a submitted modal, which then says that it takes longer. Slack waits three seconds. */
  submissionMs: number;
  /** Time after which a request that no listener acknowledged is refused. */
  unacknowledgedMs: number;
};

export const slackTimeouts: SlackTimeouts = {
  webhookMs: maxPostMs,
  webApiMs: 2500,
  submissionMs: 2000,
  unacknowledgedMs: 3001,
};
