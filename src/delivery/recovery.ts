import type { Logger } from 'pino';
import { AppError } from '../lib/errors.ts';
import { isUnreachable } from '../store/database.ts';
import { forEachIsolated } from './for-each-isolated.ts';

/** Running it twice, late, or in two processes at once must do no harm. */
export type RecoveryStep = {
  /** Errors name the step by this. */
  name: string;
  run: () => Promise<void>;
};

export type Recovery = {
  /**
   * A failing step does not keep others from running.
   * @throws AppError `recovery_failed` with its cause; at once if no database is reached
   */
  run(): Promise<void>;
  /** Runs in the background, unless such a run is in progress. */
  begin(): void;
  ended(): Promise<void>;
};

export function createRecovery(steps: readonly RecoveryStep[], logger: Logger): Recovery {
  const run = () => forEachIsolated(steps, runStep);
  let begun: Promise<void> | undefined;
  return {
    run,
    begin() {
      begun ??= run()
        .catch((error: unknown) => logger.error({ err: error }, 'recovery failed and runs again in a minute'))
        .finally(() => {
          begun = undefined;
        });
    },
    ended: async () => begun,
  };
}

async function runStep({ name, run }: RecoveryStep): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (isUnreachable(error)) throw error;
    const toFailure = (cause: unknown) =>
      new AppError('recovery_failed', `Recovery of ${name} failed.`, { cause });
    throw error instanceof AggregateError
      ? new AggregateError(error.errors.map(toFailure), error.message)
      : toFailure(error);
  }
}
