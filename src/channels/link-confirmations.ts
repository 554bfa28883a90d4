import type { Clock } from '../lib/clock.ts';
import { dayMs, minuteMs } from '../lib/time.ts';
import { ConnectError } from '../store/channels/connect-guard.ts';
import type { Channel } from '../store/channels/document.ts';
import type { LinkConfirmation, LinkConfirmationStore } from '../store/link-confirmations.ts';
import type { AccountRemoval } from './account-removal.ts';
import type { Linking } from './link.ts';

type Person = Pick<LinkConfirmation, 'teamId' | 'userId'>;

export type ConfirmationResult =
  | { kind: 'linked'; confirmation: LinkConfirmation; channels: readonly Channel[] }
  | { kind: 'nothing_waits' }
  | { kind: 'expired' };

export type LinkConfirmations = ReturnType<typeof createLinkConfirmations>;

/** Lifetime of a confirmation that people began themselves. */
const lifetimeMs = 10 * minuteMs;

/** Lifetime if they sent another person to Perly: they may be away when that person agrees. */
const forwardedLifetimeMs = dayMs;

/** Perly proved the account; Slack proves the person when they confirm in App Home. */
export function createLinkConfirmations(parts: {
  store: LinkConfirmationStore;
  linking: Pick<Linking, 'link'>;
  accounts: Pick<AccountRemoval, 'unlessDeleted'>;
  homeChanged: (teamId: string, userId: string) => void;
  clock: Pick<Clock, 'now'>;
}) {
  const { store, linking, homeChanged, clock } = parts;

  return {
    async request({
      isForwarded,
      ...confirmation
    }: Omit<LinkConfirmation, 'askedAt' | 'expiresAt'> & { isForwarded: boolean }): Promise<void> {
      const { accountId, tokenIssuedAt, requestId } = confirmation;
      const now = clock.now();
      const expiresAt = new Date(now.getTime() + (isForwarded ? forwardedLifetimeMs : lifetimeMs));
      await parts.accounts.unlessDeleted(
        accountId,
        tokenIssuedAt,
        () => store.save({ ...confirmation, askedAt: now, expiresAt }),
        () => store.remove(confirmation, requestId),
      );
      homeChanged(confirmation.teamId, confirmation.userId);
    },

    find: (person: Person) => store.find(person, clock.now()),

    /** The confirmation is removed after linking; until then it can be confirmed again. */
    async confirm(person: Person, requestId: string): Promise<ConfirmationResult> {
      const confirmation = await store.find(person, clock.now());
      if (confirmation?.requestId !== requestId) {
        homeChanged(person.teamId, person.userId);
        return { kind: 'expired' };
      }
      const { teamId, teamName, userId, accountId, accountName, tokenIssuedAt } = confirmation;
      const linkedAt = clock.now();
      const link = { teamId, teamName, accountId, accountName, linkedBy: userId, linkedAt };
      const channels = await linking.link(link, tokenIssuedAt).catch((error: unknown) => {
        if (error instanceof ConnectError && error.code === 'account_deleted') return undefined;
        throw error;
      });
      const isFirst = await store.remove(person, requestId);
      homeChanged(person.teamId, person.userId);
      if (channels === undefined) return { kind: 'expired' };
      if (channels.length > 0) return { kind: 'linked', confirmation, channels };
      return { kind: isFirst ? 'nothing_waits' : 'expired' };
    },

    async cancel(person: Person, requestId: string): Promise<void> {
      await store.remove(person, requestId);
      homeChanged(person.teamId, person.userId);
    },
  };
}
