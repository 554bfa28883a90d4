import type { SlackTimeouts } from '../../src/slack/timeouts.ts';

/** For tests that are not about timeouts, since a busy machine takes longer than Slack's 3 s. */
export const patientAnswerMs = 60_000;

/**
 * With production's timeouts, a modal on a busy machine says that saving takes longer, and a message is repeated whose
 * answer a test holds back.
 */
export const patientTimeouts: SlackTimeouts = {
  webhookMs: patientAnswerMs,
  webApiMs: patientAnswerMs,
  submissionMs: patientAnswerMs,
  unacknowledgedMs: 2 * patientAnswerMs,
};
