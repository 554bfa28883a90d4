import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import { type Config, listSecrets } from '../../src/config.ts';

/** The forms of JWTs (and OAuth states), Slack's tokens, and secrets of Standard Webhooks. */
const tokenForm = /eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*|xox[a-z]-[\w-]{5,}|whsec_[\w+/=-]{5,}/;

/** Secrets of the app, anything in the form of a token and, with `slack`, what the local Slack issued. */
export function findLeaks(logs: readonly string[], config: Config, slack?: LocalSlack): string[] {
  const own = listSecrets(config);
  const fixture = slack?.model.ids.secrets ?? new Set();
  const wasGiven = (line: string) =>
    (line.match(/[A-Za-z0-9]{16,}/g) ?? []).some((word) => fixture.has(word.toLowerCase()));
  return logs.filter(
    (line) => tokenForm.test(line) || own.some((secret) => line.includes(secret)) || wasGiven(line),
  );
}

/** @throws Error with the lines that hold a secret */
export function assertNoLeaks(...given: Parameters<typeof findLeaks>): void {
  const leaks = findLeaks(...given);
  if (leaks.length > 0) throw new Error(`Secrets stand in the log:\n${leaks.join('\n')}`);
}
