import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { type Clock, later } from '../clock.ts';
import type { AuthTest } from '../slack/auth-test.ts';
import type { InstallationStore } from '../store/installations.ts';
import { isUnreadable } from '../store/keyring.ts';
import type { WorkspaceRemoval } from './workspace-removal.ts';

export type InstallationChecks = ReturnType<typeof createInstallationChecks>;

const minuteMs = 60_000;

/** Each installation is checked about once a day. Milliseconds. */
const checkIntervalMs = 24 * 60 * minuteMs;

/** How far a day's check may be from the one before, so that checks that met drift apart again. Milliseconds. */
const spreadMs = 60 * minuteMs;

/** When a check is repeated that Slack gave no word to, or whose process died. Milliseconds. */
const retryMs = 15 * minuteMs;

/** How many tokens are checked at once, in each process. */
const width = 4;

/** How many due checks are read at a time. */
const pageSize = 100;

/**
 * Asks Slack once a day of each installation whether its token still works, so that a removal whose events were lost is
 * noticed. When each is checked stands in `installations`; a process takes a check by moving it.
 *
 * @param parts.random 0 to 1
 */
export function createInstallationChecks(parts: {
  installations: InstallationStore;
  removal: Pick<WorkspaceRemoval, 'begin'>;
  authTest: AuthTest;
  clock: Pick<Clock, 'now'>;
  random: () => number;
  logger: Logger;
}) {
  const { installations, clock, random, logger } = parts;
  const limit = pLimit(width);
  let stopped = false;
  let round: Promise<void> | undefined;
  let isWanted = false;

  const nextDay = () => later(clock, checkIntervalMs + (random() - 0.5) * spreadMs);

  async function check({ teamId, dueAt }: { teamId: string; dueAt: Date }): Promise<void> {
    const retryAt = later(clock, retryMs + random() * minuteMs);
    if (stopped || !(await installations.moveCheck(teamId, dueAt, retryAt))) return;
    const bot = await installations.findBot(teamId);
    if (bot === undefined) return;
    const state = await parts.authTest(bot.openToken());
    if (state.kind === 'dead') return parts.removal.begin(teamId, bot.installedAt, state.word);
    if (state.kind === 'works') await installations.moveCheck(teamId, retryAt, nextDay());
    else
      logger.warn({ teamId, error: state.error }, 'an installation could not be checked; it is tried again');
  }

  /** @returns whether the check went as it should */
  async function checkOrReport(due: { teamId: string; dueAt: Date }): Promise<boolean> {
    try {
      await check(due);
      return true;
    } catch (error) {
      if (isUnreadable(error))
        logger.warn({ err: error, teamId: due.teamId }, 'a bot token cannot be decrypted');
      else
        logger.error(
          { err: error, teamId: due.teamId },
          'checking an installation failed; it is tried again',
        );
      return false;
    }
  }

  async function checkDue(): Promise<void> {
    isWanted = false;
    for (;;) {
      const due = stopped ? [] : await installations.listDueChecks(clock.now(), pageSize);
      if (due.length === 0) return;
      const done = await Promise.all(due.map((one) => limit(() => checkOrReport(one))));
      // What failed may be due still: recovery comes back to it.
      if (done.includes(false)) return;
    }
  }

  /** Begins to check what is due; one round at a time. */
  function start(): void {
    if (stopped) return;
    isWanted = true;
    round ??= checkDue()
      .catch((error: unknown) =>
        logger.error({ err: error }, 'checking installations failed; it is tried again'),
      )
      .finally(() => {
        round = undefined;
        if (isWanted) start();
      });
  }

  return {
    start,

    /** When a new installation is checked first: at any time of the next day, so that checks spread over it. */
    firstCheck: (): Date => later(clock, random() * checkIntervalMs),

    /** Has a workspace's token checked now. Durable when it resolves. */
    async request(teamId: string): Promise<void> {
      await installations.requestCheck(teamId, clock.now());
      start();
    },

    /** Ends what is under way. */
    async stop(): Promise<void> {
      stopped = true;
      await round;
    },
  };
}
