import express, { type Router } from 'express';
import type { Registry } from 'prom-client';

/** `GET /metrics`, as Prometheus reads it. @param refresh brings what is not counted up to date, and never throws */
export function metricsRoute({
  registry,
  refresh,
}: {
  registry: Pick<Registry, 'metrics' | 'contentType'>;
  refresh: () => Promise<void>;
}): Router {
  const router = express.Router();
  router.get('/metrics', async (_req, res) => {
    await refresh();
    res.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}
