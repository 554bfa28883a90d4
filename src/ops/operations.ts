import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Request, type Router } from 'express';
import type { Logger } from 'pino';
import type { IngestResult } from '../delivery/ingest.ts';
import type { DatabaseStats } from '../store/stats.ts';
import { createClientAddress } from './address-limit.ts';
import { createDatabaseGauges } from './database-gauges.ts';
import { healthRoutes, type Phase, type ReadinessCheck } from './health-routes.ts';
import { createHttpServer } from './http-server.ts';
import { type Metrics, metricsRoute } from './metrics.ts';
import { observeEvents } from './observe-events.ts';
import { createRequestLog } from './request-log.ts';

export type Operations = {
  beginRequest(req: IncomingMessage, res: ServerResponse): void;
  health: Router;
  onIngested(req: IncomingMessage, result: IngestResult): void;
  logAccount<T extends { accountId: string }>(
    authenticate: (req: Request) => Promise<T>,
  ): (req: Request) => Promise<T>;
  setPhase(phase: Phase): void;
  listen(): Promise<void>;
  close(): Promise<void>;
};

/** `/metrics` reveals how much business there is, so it has a port of its own, with detailed health, or none. */
export function createOperations(parts: {
  config: { metrics: { host: string; port: number | undefined }; trustProxy: number };
  metrics: Metrics;
  checks: Record<string, ReadinessCheck>;
  readStats: () => Promise<DatabaseStats>;
  now: () => Date;
  logger: Logger;
}): Operations {
  const { config, metrics, logger, now } = parts;
  let phase: Phase = 'starting';
  const health = healthRoutes({ phase: () => phase, checks: parts.checks, logger });
  const refresh = createDatabaseGauges({ metrics, read: parts.readStats, now, logger });
  const stats = metricsRoute({ registry: metrics.registry, refresh });
  const requestLog = createRequestLog({
    clientAddress: createClientAddress(config.trustProxy),
    logger,
    metrics,
  });
  const server = createHttpServer(express().disable('x-powered-by').use(health.detailed, stats));

  return {
    beginRequest: requestLog.begin,
    health: health.open,
    onIngested: observeEvents({ metrics, requestLog, logger }),
    logAccount: (authenticate) => async (req) => {
      const token = await authenticate(req);
      requestLog.addFields(req, { accountIds: [token.accountId] });
      return token;
    },
    setPhase(next) {
      if (phase !== 'stopping') phase = next;
    },
    async listen() {
      const { host, port } = config.metrics;
      if (port === undefined) return;
      logger.info({ host, port: await server.listen(port, host) }, 'serving metrics');
    },
    close: server.close,
  };
}
