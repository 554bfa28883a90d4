import pLimit from 'p-limit';
import { later } from '../lib/clock.ts';
import { dayMs, hourMs, minuteMs } from '../lib/time.ts';
import type { DueCheck } from '../store/installation-checks.ts';
import { isUndecryptable } from '../store/keyring.ts';
import { createInvalidTokens, type InvalidInstallation, type TokenCheckParts } from './invalid-tokens.ts';

export type InstallationChecks = ReturnType<typeof createInstallationChecks>;

/** Each installation is checked about once a day. Milliseconds. */
const checkIntervalMs = dayMs;

/** How far a day's check may be from the one before, so that checks that met drift apart again. Milliseconds. */
const spreadMs = hourMs;

/** When a check is repeated that Slack gave no word to, or whose process died. Milliseconds. */
const retryMs = 15 * minuteMs;

/** How many tokens are checked at once, in each process. */
const concurrency = 4;

/** How many due checks are read at a time. */
const pageSize = 100;

/**
 * Asks Slack once a day of each installation whether its token still works, so that a removal whose events were lost is
 * noticed. When each is checked stands in `installations`; a process takes a check by moving it. A token that is dead removes
 * the installation at once; what follows from invalid ones is decided for all of a round (`createInvalidTokens`).
 *
 * @param parts.random 0 to 1
 */
export function createInstallationChecks(parts: TokenCheckParts & { random: () => number }) {
  const { installations, installationChecks, clock, random, logger } = parts;
  const limit = pLimit(concurrency);
  const invalidTokens = createInvalidTokens({ ...parts, roundMs: checkIntervalMs + spreadMs });
  let stopped = false;
  let round: Promise<void> | undefined;
  let isWanted = false;

  const nextDay = () => later(clock, checkIntervalMs + (random() - 0.5) * spreadMs);

  /** @returns the installation, where Slack calls its token invalid */
  async function check(due: DueCheck): Promise<InvalidInstallation | undefined> {
    const { teamId } = due;
    const retry = { teamId, dueAt: later(clock, retryMs + random() * minuteMs) };
    if (stopped || !(await installationChecks.moveCheck(due, retry.dueAt))) return undefined;
    const bot = await installations.findBot(teamId);
    if (bot === undefined) return undefined;
    const state = await parts.authTest(bot.openToken());
    const now = clock.now();
    switch (state.kind) {
      case 'works':
        await installationChecks.recordValid(retry, now, nextDay());
        return undefined;
      case 'dead':
        await parts.removal.begin(teamId, bot.installedAt, state.word);
        return undefined;
      case 'unknown':
        logger.warn(
          { teamId, error: state.error },
          'an installation could not be checked; it is tried again',
        );
        return undefined;
      case 'invalid': {
        const isRecorded = await installationChecks.recordInvalid(retry, now, nextDay());
        return isRecorded ? { teamId, bot, at: now } : undefined;
      }
    }
  }

  async function checkOrReport(due: DueCheck): Promise<InvalidInstallation | 'failed' | undefined> {
    try {
      return await check(due);
    } catch (error) {
      if (isUndecryptable(error))
        logger.warn({ err: error, teamId: due.teamId }, 'a bot token cannot be decrypted');
      else
        logger.error(
          { err: error, teamId: due.teamId },
          'checking an installation failed; it is tried again',
        );
      return 'failed';
    }
  }

  async function checkDue(): Promise<void> {
    isWanted = false;
    for (;;) {
      const due = stopped ? [] : await installationChecks.listDueChecks(clock.now(), pageSize);
      if (due.length === 0) return;
      const done = await Promise.all(due.map((one) => limit(() => checkOrReport(one))));
      await invalidTokens.handle(done.filter((one) => typeof one === 'object'));
      // What failed may be due still: recovery comes back to it.
      if (done.includes('failed')) return;
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
      await installationChecks.requestCheck(teamId, clock.now());
      start();
    },

    /** Ends what is under way. */
    async stop(): Promise<void> {
      stopped = true;
      await round;
    },
  };
}
