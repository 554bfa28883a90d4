import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import { type Config, listSecrets } from '../../src/config.ts';

/** What a token looks like, whoever made it: JWTs and OAuth states, Slack's tokens, secrets of Standard Webhooks. */
const tokenForm = /eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*|xox[a-z]-[\w-]{5,}|whsec_[\w+/=-]{5,}/;

/**
 * The lines of a log that hold a secret: one of the app's, anything in the form of a token, or what the local Slack gave
 * out, if it is named (tokens, webhook URLs, OAuth codes, response URLs).
 */
export function findLeaks(logs: readonly string[], config: Config, slack?: LocalSlack): string[] {
  const own = listSecrets(config);
  const fixture = slack?.model.ids.secrets ?? new Set();
  const wasGiven = (line: string) =>
    (line.match(/[A-Za-z0-9]{16,}/g) ?? []).some((word) => fixture.has(word.toLowerCase()));
  return logs.filter(
    (line) => tokenForm.test(line) || own.some((secret) => line.includes(secret)) || wasGiven(line),
  );
}

/** @throws Error that shows the lines which hold a secret */
export function assertNoLeaks(...given: Parameters<typeof findLeaks>): void {
  const leaks = findLeaks(...given);
  if (leaks.length > 0) throw new Error(`Secrets stand in the log:\n${leaks.join('\n')}`);
}
