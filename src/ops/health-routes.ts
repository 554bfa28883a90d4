import express, { type Router } from 'express';
import type { Logger } from 'pino';
import { cachedFor } from '../lib/cached-for.ts';
import { withTimeout } from '../lib/timeout.ts';

/** A process also serves requests before and after it is ready, but should not get any. */
export type Phase = 'starting' | 'ready' | 'stopping';

/** Resolves to a problem, or to `undefined`. It may also throw. */
export type ReadinessCheck = () => Promise<string | undefined> | string | undefined;

const maxCheckMs = 2000;

const cacheMs = 1000;

/** `/healthz` is 200 whatever the state of the database, so that an outage restarts nothing. */
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
