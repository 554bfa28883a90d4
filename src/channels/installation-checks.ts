import pLimit from 'p-limit';
import { later } from '../lib/clock.ts';
import { dayMs, hourMs, minuteMs } from '../lib/time.ts';
import type { DueCheck } from '../store/installation-checks.ts';
import { isUndecryptable } from '../store/keyring.ts';
import { createInvalidTokens, type InvalidInstallation, type TokenCheckParts } from './invalid-tokens.ts';

export type InstallationChecks = ReturnType<typeof createInstallationChecks>;

const checkIntervalMs = dayMs;

/** Each daily check is shifted at random within this range, so that checks do not stay bunched. */
const spreadMs = hourMs;

/** Delay after a check that got no answer from Slack, or whose process died. */
const retryMs = 15 * minuteMs;

const concurrency = 4;

const pageSize = 100;

/** Asks Slack daily about each token, to notice a removal whose events were lost. @param parts.random 0 to 1 */
export function createInstallationChecks(parts: TokenCheckParts & { random: () => number }) {
  const { installations, installationChecks, clock, random, logger } = parts;
  const limit = pLimit(concurrency);
  const invalidTokens = createInvalidTokens({ ...parts, roundMs: checkIntervalMs + spreadMs });
  let stopped = false;
  let round: Promise<void> | undefined;
  let isWanted = false;

  const nextDay = () => later(clock, checkIntervalMs + (random() - 0.5) * spreadMs);

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
        // False if another token was stored meanwhile, which may work.
        if (!(await parts.removal.begin(teamId, bot, state.word)))
          await installationChecks.requestCheck(teamId, now);
        return undefined;
      case 'unknown':
        logger.warn({ teamId, error: state.error }, 'an installation could not be checked and is retried');
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
      else logger.error({ err: error, teamId: due.teamId }, 'checking an installation failed and is retried');
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
      // Failed checks may still be due: recovery starts the next round.
      if (done.includes('failed')) return;
    }
  }

  function start(): void {
    if (stopped) return;
    isWanted = true;
    round ??= checkDue()
      .catch((error: unknown) => logger.error({ err: error }, 'checking installations failed and is retried'))
      .finally(() => {
        round = undefined;
        if (isWanted) start();
      });
  }

  return {
    start,

    /** A new installation is first checked at a random time within a day, to spread the checks. */
    firstCheck: (): Date => later(clock, random() * checkIntervalMs),

    /** The request is durable once this resolves. */
    async request(teamId: string): Promise<void> {
      await installationChecks.requestCheck(teamId, clock.now());
      start();
    },

    async stop(): Promise<void> {
      stopped = true;
      await round;
    },
  };
}
