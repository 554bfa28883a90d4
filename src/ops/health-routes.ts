import express, { type Router } from 'express';
import type { Logger } from 'pino';
import { cachedFor } from '../lib/cached-for.ts';
import { withTimeout } from '../lib/timeout.ts';

/** Of a process: it takes requests before and after it is ready as well, but wants none. */
export type Phase = 'starting' | 'ready' | 'stopping';

/** Resolves to what is wrong, or to `undefined` when nothing is. It may also throw. */
export type ReadinessCheck = () => Promise<string | undefined> | string | undefined;

/** A probe is answered within this time, whatever hangs. Milliseconds. */
const maxCheckMs = 2000;

/** How long an answer is kept, so that whoever asks often does no harm. Milliseconds. */
const cacheMs = 1000;

/**
 * `GET /healthz`: 200 while the process runs; it touches nothing else, so that a database that is away restarts nobody.
 * `GET /readyz`: 200, or 503 when a part is not ready; the log says which.
 *
 * @returns `open` for a port that anybody may reach, and `detailed` for one of the operators', where `parts` says of each
 *   part `ok` or what is wrong with it
 */
export function healthRoutes(options: {
  phase: () => Phase;
  checks: Record<string, ReadinessCheck>;
  logger: Logger;
}): { open: Router; detailed: Router } {
  const { phase, checks, logger } = options;

  async function run([part, check]: [string, ReadinessCheck]): Promise<[string, string]> {
    try {
      const problem = await withTimeout(maxCheckMs, Promise.resolve(check()));
      if (problem !== undefined) logger.warn({ part, problem }, 'a part is not ready');
      return [part, problem ?? 'ok'];
    } catch (error) {
      logger.warn({ err: error, part }, 'a part is not ready');
      return [part, 'away'];
    }
  }

  const runAll = cachedFor(cacheMs, () => Promise.all(Object.entries(checks).map(run)));

  function routes(showsParts: boolean): Router {
    const router = express.Router();
    router.get('/healthz', (_req, res) => {
      res.set('cache-control', 'no-store').json({ status: 'alive' });
    });
    router.get('/readyz', async (_req, res) => {
      const results = await runAll();
      const parts = { process: phase() === 'ready' ? 'ok' : phase(), ...Object.fromEntries(results) };
      const isReady = Object.values(parts).every((state) => state === 'ok');
      res
        .status(isReady ? 200 : 503)
        .set('cache-control', 'no-store')
        .json({ status: isReady ? 'ready' : 'not ready', ...(showsParts && { parts }) });
    });
    return router;
  }

  return { open: routes(false), detailed: routes(true) };
}
