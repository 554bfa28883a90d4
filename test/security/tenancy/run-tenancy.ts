import fc from 'fast-check';
import { shortPaceMs, startTestApp } from '../../support/test-app.ts';
import { checkScenario } from './check-scenario.ts';
import { anyCommand, run } from './commands.ts';
import { createFastClock } from './fast-clock.ts';
import { createScenario } from './scenario.ts';

/** Concurrent sequences, each in its own workspace. */
const concurrency = 8;

/** Commands between two checks; there is another check at the end. */
const checkEvery = 6;

/**
 * Three accounts connect, post, fail, disconnect, unlink, relink and move in random sequences. None must ever see, send
 * or count anything of another's.
 */
export async function runTenancy(sequences: number): Promise<void> {
  let recover = async () => {};
  const app = await startTestApp({
    clock: createFastClock(10),
    paceMs: shortPaceMs,
    scheduler: {
      async start(work) {
        recover = work.recover;
      },
      planOpening: async () => {},
      stop: async () => {},
    },
    slack: { enforceRate: false },
    env: { LOG_LEVEL: 'warn' },
  });
  try {
    const sequence = fc.array(anyCommand, { minLength: 4, maxLength: 12, size: 'max' });
    const assert = (numRuns: number) =>
      fc.assert(
        fc.asyncProperty(sequence, async (commands) => {
          const scenario = await createScenario(app, () => recover());
          try {
            for (const [index, command] of commands.entries()) {
              await run(scenario, command);
              const isLast = index + 1 === commands.length;
              if (isLast || (index + 1) % checkEvery === 0)
                await checkScenario(scenario, isLast ? 'full' : 'quick');
            }
          } finally {
            scenario.stopListening();
          }
        }),
        { numRuns, endOnFailure: true },
      );
    await Promise.all(Array.from({ length: concurrency }, () => assert(Math.ceil(sequences / concurrency))));
  } finally {
    await app.close();
  }
}
