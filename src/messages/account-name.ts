import { clean, isolate } from './block-kit/clean.ts';
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

/** How much of a name, and of an id, stands where both are shown: together less than a label may have. */
const maxNameBesideId = 30;
const maxIdBesideName = 44;

/**
 * Accounts by names that tell them apart: where several have the same one, each has its id beside it. Names that differ
 * only in case or in the form of their letters count as the same.
 */
export function distinguishAccounts<Account extends NamedAccount>(accounts: readonly Account[]): Account[] {
  const idsByName = new Map<string, Set<string>>();
  for (const account of accounts) {
    const name = toComparable(account);
    idsByName.set(name, (idsByName.get(name) ?? new Set()).add(account.accountId));
  }
  return accounts.map((account) => {
    const isOnly = idsByName.get(toComparable(account))?.size === 1;
    return isOnly ? account : { ...account, accountName: withId(account) };
  });
}

/** The same for one account beside others, among which it may be. */
export function distinguishAccount<Account extends NamedAccount>(
  account: Account,
  others: readonly NamedAccount[],
): Account {
  const [told] = distinguishAccounts<NamedAccount>([account, ...others]);
  return { ...account, accountName: told?.accountName ?? account.accountName };
}

type NamedWorkspace = { teamId: string; teamName: string | null };

/** A workspace by its name, with its id where another one of the same account has the same name. */
export function distinguishWorkspace(workspace: NamedWorkspace, others: readonly NamedWorkspace[]): string {
  const toNamed = ({ teamId, teamName }: NamedWorkspace) => ({ accountId: teamId, accountName: teamName });
  const told = distinguishAccount(toNamed(workspace), others.map(toNamed));
  return told.accountName ?? workspace.teamId;
}

function toComparable(account: NamedAccount): string {
  return toAccountLabel(account).normalize('NFKC').toLowerCase();
}

/** An id that is too long keeps its end, in which ids differ. */
function withId(account: NamedAccount): string {
  const id = clean(account.accountId);
  const characters = [...id];
  const shown =
    characters.length > maxIdBesideName ? `…${characters.slice(1 - maxIdBesideName).join('')}` : id;
  return `${truncate(toAccountLabel(account), maxNameBesideId)} (${shown})`;
}
