import { randomInt } from 'node:crypto';
import { createCleanup } from './cleanup.ts';
import { readOptions } from './options.ts';
import { runSuite } from './run-suite.ts';

/** Time for setting up, ending and verifying: only a hang takes that long. */
const overheadMs = 300_000;

/**
 * Real processes of the built app, a constant load, and every kind of fault; then verification. Exits with 0 when
 * everything answered with 202 is accounted for. `--seed` repeats a plan.
 */
const options = readOptions(process.argv.slice(2), () => randomInt(2 ** 31));
const cleanup = createCleanup();

async function end(code: number): Promise<void> {
  await cleanup.now();
  process.exit(code);
}

const limitMs = options.loadMs + options.drainMs + overheadMs;
const watchdog = setTimeout(() => {
  say(`The suite itself did not end within ${limitMs / 1000} s.`);
  void end(1);
}, limitMs);
watchdog.unref();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(1));

try {
  const isRight = await runSuite(options, process.env.MONGODB_URI, cleanup, say);
  await end(isRight ? 0 : 1);
} catch (error) {
  console.error(error);
  await end(1);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
