/** How long the app waits for work on which people in Slack wait. Milliseconds. */
export type SlackTimeouts = {
  webApiMs: number;
  /** Work of a submitted modal; after that, the modal says that it takes longer. Slack waits three seconds. */
  submissionMs: number;
  /** After this, a request that no listener acknowledged is refused. */
  unacknowledgedMs: number;
};

export const slackTimeouts: SlackTimeouts = {
  webApiMs: 2500,
  submissionMs: 2000,
  unacknowledgedMs: 3001,
};
