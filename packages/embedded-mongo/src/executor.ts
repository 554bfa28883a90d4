import type { Answer } from './bson/write.ts';
import { CommandError } from './command-error.ts';
import { isWrite, refusal, runRequest } from './commands/dispatch.ts';
import type { Engine } from './engine.ts';
import { isWriteFault } from './storage/storage.ts';
import type { Request } from './wire/message.ts';

type Job = { writes: boolean; run(): Answer; resolve(answer: Answer): void };

/**
 * Runs one command at a time, so that each is atomic. Those that arrive together share one transaction and sync,
 * which their answers wait for. Reads run first: they see only committed data.
 */
export class Executor {
  readonly #engine: Engine;
  #waiting: Job[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @returns the answer, once it is durable */
  execute(request: Request): Promise<Answer> {
    return this.run(isWrite(request), () => runRequest(this.#engine, request, new Date()));
  }

  /** Runs an action between commands, after all earlier ones. @returns its answer; a refusal after a fault */
  run(writes: boolean, run: () => Answer): Promise<Answer> {
    return new Promise((resolve) => {
      this.#waiting.push({ writes, run, resolve });
      // This runs after everything that the sockets delivered in this turn of the loop.
      if (this.#waiting.length === 1) setImmediate(() => this.#runAll());
    });
  }

  #runAll(): void {
    const jobs = this.#waiting;
    this.#waiting = [];
    for (const job of jobs) if (!job.writes) job.resolve(this.#guarded(job.run));
    const writes = jobs.filter((job) => job.writes);
    if (writes.length === 0) return;
    try {
      const answers = this.#transact(() => writes.map((job) => job.run()));
      for (const [at, job] of writes.entries()) job.resolve(answers[at] ?? {});
    } catch {
      // One of them failed with a fault, and all were rolled back: now each runs alone.
      for (const job of writes) job.resolve(this.#guarded(() => this.#transact(job.run)));
    }
  }

  #transact<T>(action: () => T): T {
    const { storage, catalog } = this.#engine;
    try {
      return storage.write(() => {
        const result = action();
        catalog.save();
        return result;
      });
    } catch (error) {
      catalog.load();
      throw error;
    }
  }

  #guarded(run: () => Answer): Answer {
    try {
      return run();
    } catch (error) {
      const refused = isWriteFault(error)
        ? new CommandError(
            'OutOfDiskSpace',
            `the disk is full or failing, and nothing was written: ${String(error)}`,
          )
        : new CommandError('InternalError', `embedded-mongo failed: ${String(error)}`);
      return refusal(refused);
    }
  }
}
