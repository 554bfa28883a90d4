import { clean, isolate } from './block-kit/clean.ts';
import { truncate } from './block-kit/truncate.ts';

/** `accountName` is `null` if Perly did not name the account. */
export type NamedAccount = { accountId: string; accountName: string | null };

const maxName = 80;

/** The label is not escaped. */
export function toAccountLabel({ accountId, accountName }: NamedAccount): string {
  return truncate(clean(accountName ?? '') || clean(accountId), maxName);
}

/** Isolated for plain text or rich text, because mrkdwn could format it. */
export function toIsolatedLabel(account: NamedAccount): string {
  return isolate(toAccountLabel(account));
}

const maxNameBesideId = 30;
const maxIdBesideName = 44;

/** Names that differ only in case or Unicode form count as equal. */
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

export function distinguishAccount<Account extends NamedAccount>(
  account: Account,
  others: readonly NamedAccount[],
): Account {
  const [distinguished] = distinguishAccounts<NamedAccount>([account, ...others]);
  return { ...account, accountName: distinguished?.accountName ?? account.accountName };
}

type NamedWorkspace = { teamId: string; teamName: string | null };

/** Adds the id if another workspace of the same account has the same name. */
export function distinguishWorkspace(workspace: NamedWorkspace, others: readonly NamedWorkspace[]): string {
  const toNamed = ({ teamId, teamName }: NamedWorkspace) => ({ accountId: teamId, accountName: teamName });
  const distinguished = distinguishAccount(toNamed(workspace), others.map(toNamed));
  return distinguished.accountName ?? workspace.teamId;
}

function toComparable(account: NamedAccount): string {
  return toAccountLabel(account).normalize('NFKC').toLowerCase();
}

/** Keeps the end of a long id, where ids differ. */
function withId(account: NamedAccount): string {
  const id = clean(account.accountId);
  const characters = [...id];
  const shown =
    characters.length > maxIdBesideName ? `…${characters.slice(1 - maxIdBesideName).join('')}` : id;
  return `${truncate(toAccountLabel(account), maxNameBesideId)} (${shown})`;
}
