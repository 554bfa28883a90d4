import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import { type Config, listSecrets } from '../../src/config.ts';

/** What a token looks like, whoever made it: JWTs and OAuth states, Slack's tokens, secrets of Standard Webhooks. */
const tokenForms = /eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*|xox[a-z]-[\w-]{5,}|whsec_[\w+/=-]{5,}/;

/**
 * The lines of a log that hold a secret: one of the app's, one that the local Slack gave out (tokens, webhook URLs,
 * OAuth codes, response URLs), or anything in the form of a token.
 */
export function findLeaks(logs: readonly string[], config: Config, slack: LocalSlack): string[] {
  const own = listSecrets(config);
  const { secrets } = slack.model.ids;
  const holdsSecret = (line: string) =>
    (line.match(/[A-Za-z0-9]{16,}/g) ?? []).some((word) => secrets.has(word.toLowerCase()));
  return logs.filter(
    (line) => tokenForms.test(line) || own.some((secret) => line.includes(secret)) || holdsSecret(line),
  );
}
