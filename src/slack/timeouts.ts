/** How long the app waits on behalf of people in Slack, who wait too. Milliseconds. */
export type SlackTimeouts = {
  /** One call of the Web API. */
  webApiMs: number;
  /** Work of a submitted modal: after that the modal says that it takes longer. Slack waits three seconds. */
  submissionMs: number;
  /** A request that no listener acknowledged is refused after that. */
  unacknowledgedMs: number;
};

export const slackTimeouts: SlackTimeouts = {
  webApiMs: 2500,
  submissionMs: 2000,
  unacknowledgedMs: 3001,
};
