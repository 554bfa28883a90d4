import { clean } from './block-kit/clean.ts';
import { isolate } from './block-kit/isolate.ts';
import { truncate } from './block-kit/truncate.ts';

/** An account as Perly names it; `accountName` is `null` when it did not say. */
export type NamedAccount = { accountId: string; accountName: string | null };

/** The longest that an account's name is shown, as `truncate` measures. */
const maxName = 80;

/** The name of an account in Slack: as Perly names it, or else its id. Not escaped. */
export function toAccountLabel({ accountId, accountName }: NamedAccount): string {
  return truncate(clean(accountName ?? '') || clean(accountId), maxName);
}

/** The same, isolated for use in a sentence of plain text or rich text; mrkdwn could format it. */
export function toIsolatedLabel(account: NamedAccount): string {
  return isolate(toAccountLabel(account));
}
