import { clean } from './clean.ts';
import { cut } from './cut.ts';
import { escapeText } from './escape-text.ts';
import { isolate } from './isolate.ts';
import { toLiteral } from './to-literal.ts';

/** An account as Perly names it; `accountName` is `null` when it did not say. */
export type NamedAccount = { accountId: string; accountName: string | null };

/** The longest that an account's name is shown, as `cut` measures. */
const maxName = 80;

/** What an account is called in Slack: its name, or else its id. Not escaped. */
export function toAccountLabel({ accountId, accountName }: NamedAccount): string {
  return cut(clean(accountName ?? '') || clean(accountId), maxName);
}

/** The same in mrkdwn: escaped, linking nowhere, in a direction of its own. */
export function toMrkdwnLabel(account: NamedAccount): string {
  return escapeText(toLiteral(isolate(toAccountLabel(account))));
}
