import fc from 'fast-check';
import { shortPaceMs, startTestApp } from '../../support/test-app.ts';
import { checkWorld } from './check-world.ts';
import { anyCommand, run } from './commands.ts';
import { createFastClock } from './fast-clock.ts';
import { createWorld } from './world.ts';

/** Concurrent sequences, each in its own workspace. */
const width = 8;

/** Steps between checks, besides the check at the end. */
const checkEvery = 6;

/**
 * Three accounts connect, post, fail, disconnect, unlink, relink and move in random sequences: none ever sees, sends
 * or counts anything of another's.
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
          const world = await createWorld(app, () => recover());
          try {
            for (const [index, command] of commands.entries()) {
              await run(world, command);
              const isLast = index + 1 === commands.length;
              if (isLast || (index + 1) % checkEvery === 0)
                await checkWorld(world, isLast ? 'full' : 'quick');
            }
          } finally {
            world.stopListening();
          }
        }),
        { numRuns, endOnFailure: true },
      );
    await Promise.all(Array.from({ length: width }, () => assert(Math.ceil(sequences / width))));
  } finally {
    await app.close();
  }
}
