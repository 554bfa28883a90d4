import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { hourMs } from '../lib/time.ts';
import type { InstallationCheckStore } from '../store/installation-checks.ts';
import type { InstallationStore, InstalledBot } from '../store/installations.ts';
import { isUndecryptable } from '../store/keyring.ts';
import type { WorkspaceRemoval } from './uninstall.ts';

/**
 * `dead` never works again; `invalid_auth` may only mean that this IP address is not allowed.
 * @see https://docs.slack.dev/reference/methods/auth.test#errors
 */
export type TokenError = { kind: 'dead'; word: 'account_inactive' | 'token_revoked' } | { kind: 'invalid' };

type TokenState = { kind: 'works' } | TokenError | { kind: 'unknown'; error: string };

export type AuthTest = (token: string) => Promise<TokenState>;

export type InvalidInstallation = { teamId: string; bot: InstalledBot; at: Date };

export type TokenCheckParts = {
  installations: Pick<InstallationStore, 'findBot' | 'listVerified'>;
  installationChecks: InstallationCheckStore;
  removal: Pick<WorkspaceRemoval, 'begin'>;
  authTest: AuthTest;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
};

/** Number of days on which a token must be invalid, and never valid, before it counts as dead. */
const invalidDays = 3;

/** Two answers count as separate days if at least this much time lies between them. */
const dayApartMs = 20 * hourMs;

/** Maximum number of other tokens that are tried, to prove that this app's address is allowed. */
const maxControls = 3;

/**
 * A circuit breaker opens while a blocked IP address is more likely: too many tokens are invalid, or no other one
 * works. Days count only while it is closed, and opening it resets all counts.
 */
export function createInvalidTokens(parts: TokenCheckParts & { roundMs: number }) {
  const { installations, installationChecks, authTest, clock, logger } = parts;

  async function findToken(teamId: string): Promise<string | undefined> {
    try {
      return (await installations.findBot(teamId))?.openToken();
    } catch (error) {
      if (isUndecryptable(error)) return undefined;
      throw error;
    }
  }

  async function askControl(): Promise<'works' | 'invalid' | 'unknown'> {
    const teamIds = await installations.listVerified(maxControls);
    for (const teamId of teamIds) {
      const token = await findToken(teamId);
      const kind = token === undefined ? 'unknown' : (await authTest(token)).kind;
      if (kind === 'works' || kind === 'invalid') return kind;
    }
    return teamIds.length === 0 ? 'invalid' : 'unknown';
  }

  async function countDay({ teamId, bot, at }: InvalidInstallation): Promise<void> {
    const days = await installationChecks.countInvalidDay(teamId, at, before(at, dayApartMs));
    if (days === undefined) return;
    if (days < invalidDays) {
      logger.warn({ teamId, days }, 'Slack called the token of an installation invalid');
      return;
    }
    const again = await authTest(bot.openToken());
    const isInvalid = again.kind === 'invalid';
    if (isInvalid && (await parts.removal.begin(teamId, bot, 'invalid_auth'))) return;
    await installationChecks.requestCheck(teamId, clock.now());
  }

  return {
    /** @param invalid the installations with invalid tokens of one round, after all its answers are recorded */
    async handle(invalid: readonly InvalidInstallation[]): Promise<void> {
      const [first] = invalid;
      if (first === undefined) return;
      const counted = await installationChecks.countChecked(before(first.at, parts.roundMs));
      const control = areTooMany(counted) ? 'invalid' : await askControl();
      if (control === 'works') {
        for (const one of invalid) await countDay(one);
      } else if (control === 'invalid') {
        await installationChecks.resetInvalidDays(first.at);
        logger.error(
          counted,
          'Slack answers invalid_auth for too many installations, so none is removed: check that the IP address ' +
            'of this app is allowed in the settings of the Slack app (OAuth & Permissions)',
        );
      } else logger.warn(counted, 'no other token works either, so no installation is removed');
    },
  };
}

/** Too many are more than one and more than 1 in 100, or all of them. */
function areTooMany({ checked, invalid }: { checked: number; invalid: number }): boolean {
  return invalid === checked || invalid > Math.max(1, checked / 100);
}

function before(at: Date, ms: number): Date {
  return new Date(at.getTime() - ms);
}
