import { maxPostMs } from '../delivery/webhook/client.ts';

export type SlackTimeouts = {
  webhookMs: number;
  webApiMs: number;
  /** Work of a submitted modal; after that, the modal says that it takes longer. Slack waits three seconds. */
  submissionMs: number;
  /** After this, a request that no listener acknowledged is refused. */
  unacknowledgedMs: number;
};

export const slackTimeouts: SlackTimeouts = {
  webhookMs: maxPostMs,
  webApiMs: 2500,
  submissionMs: 2000,
  unacknowledgedMs: 3001,
};
