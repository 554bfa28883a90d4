import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import { expect, test } from 'vitest';
import { createClientAddress } from '../../src/ops/address-limit.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import { createRequestLog } from '../../src/ops/request-log.ts';
import { createMemoryLog } from './memory-log.ts';

/** One request to a small app, which may be aborted. @returns the line and the count */
async function lineFor(path: string, handle: (res: express.Response, giveUp: AbortController) => void) {
  const { logger, lines } = createMemoryLog();
  const metrics = createMetrics();
  const requestLog = createRequestLog({ clientAddress: createClientAddress(0), logger, metrics });
  const giveUp = new AbortController();
  const app = express().use((req, res, next) => {
    requestLog.begin(req, res);
    next();
  });
  for (const route of ['/healthz', '/things/:id']) app.get(route, (_req, res) => handle(res, giveUp));
  const server = createServer(app).listen(0);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await fetch(`http://localhost:${port}${path}`, { signal: giveUp.signal }).catch(() => undefined);
  await expect.poll(() => lines.length).toBe(1);
  server.closeAllConnections();
  server.close();
  const { values } = await metrics.requests.get();
  return { line: JSON.parse(lines.join()), labels: values[0]?.labels };
}

test('a request whose client left early does not count as answered', async () => {
  const { line, labels } = await lineFor('/things/1', (_res, giveUp) => giveUp.abort());
  expect(line).toMatchObject({ level: 'info', route: '/things/:id', status: 'aborted' });
  expect(labels).toMatchObject({ method: 'GET', route: '/things/:id', status: 'aborted' });
});

test('a server error is a warning', async () => {
  const { line } = await lineFor('/things/1', (res) => void res.status(503).end());
  expect(line).toMatchObject({ level: 'warn', status: 503 });
});

test('probes are for debugging only', async () => {
  const { line } = await lineFor('/healthz', (res) => void res.end());
  expect(line).toMatchObject({ level: 'debug', status: 200 });
});
