import type { SlackTimeouts } from '../../src/slack/timeouts.ts';

/** How long the local Slack waits for an answer where a test is not about that: a busy machine takes more than Slack's 3 s. */
export const patientAnswerMs = 60_000;

/** Those of production would have a modal say that saving takes longer, which depends on the machine. */
export const patientTimeouts: SlackTimeouts = {
  webApiMs: patientAnswerMs,
  submissionMs: patientAnswerMs,
  unacknowledgedMs: 2 * patientAnswerMs,
};
