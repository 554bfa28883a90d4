import type { TestApp } from './test-app.ts';

/**
 * Posts events whose alerts are sent together, however busy the machine is: Slack asks the channel to wait until all
 * are recorded.
 * @returns the app's answer, and how often Slack asked to wait
 */
export async function postTogether(
  { perly, slack }: Pick<TestApp, 'perly' | 'slack'>,
  channel: string,
  events: readonly object[],
): Promise<{ answer: Response; waits: number }> {
  const wait = slack.failWebhook(channel, { status: 429, retryAfter: 1 });
  const answer = await perly.post({ events });
  wait.release();
  return { answer, waits: wait.hits };
}
