import type { SlackTimeouts } from '../../src/slack/timeouts.ts';

/** For tests that are not about timeouts: a busy machine takes longer than Slack's 3 s. */
export const patientAnswerMs = 60_000;

/**
 * With those of production, a busy machine shows "saving takes longer" or repeats a message whose answer a test holds
 * back.
 */
export const patientTimeouts: SlackTimeouts = {
  webhookMs: patientAnswerMs,
  webApiMs: patientAnswerMs,
  submissionMs: patientAnswerMs,
  unacknowledgedMs: 2 * patientAnswerMs,
};
