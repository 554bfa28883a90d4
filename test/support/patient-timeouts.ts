import type { SlackTimeouts } from '../../src/slack/timeouts.ts';

/** How long the local Slack waits for an answer where a test is not about that: a busy machine takes more than Slack's 3 s. */
export const patientAnswerMs = 60_000;

/**
 * With those of production, a modal says that saving takes longer, and a message whose answer a test holds back is sent
 * again, both as slow as the machine is.
 */
export const patientTimeouts: SlackTimeouts = {
  webhookMs: patientAnswerMs,
  webApiMs: patientAnswerMs,
  submissionMs: patientAnswerMs,
  unacknowledgedMs: 2 * patientAnswerMs,
};
