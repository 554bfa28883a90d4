import express from 'express';
import type { Logger } from 'pino';
import request from 'supertest';
import { expect, test, vi } from 'vitest';
import { healthRoutes, type Phase, type ReadinessCheck } from '../../src/ops/health-routes.ts';
import { createMemoryLog } from './memory-log.ts';

function setup(
  checks: Record<string, ReadinessCheck>,
  { phase = 'ready', logger = createMemoryLog().logger }: { phase?: Phase; logger?: Logger } = {},
) {
  const { open, detailed } = healthRoutes({ phase: () => phase, checks, logger });
  return { open: express().use(open), detailed: express().use(detailed) };
}

test('a failing part, one that throws and one that hangs are reported separately', async () => {
  const { logger, lines } = createMemoryLog();
  const checks = {
    fine: () => undefined,
    lacking: async () => 'missing: deliveries.due',
    failing: async () => {
      throw new Error('mongodb://user:hunter2@host');
    },
    hanging: () => new Promise<undefined>(() => {}),
  };
  const { open, detailed } = setup(checks, { logger });
  const { status, body } = await request(detailed).get('/readyz');
  expect(status).toBe(503);
  expect(body).toEqual({
    status: 'not ready',
    parts: {
      process: 'ok',
      fine: 'ok',
      lacking: 'missing: deliveries.due',
      failing: 'away',
      hanging: 'away',
    },
  });

  const toAnybody = await request(open).get('/readyz');
  expect([toAnybody.status, toAnybody.body]).toEqual([503, { status: 'not ready' }]);
  const logged = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'a part is not ready');
  expect(new Set(logged.map(({ part }) => part))).toEqual(new Set(['lacking', 'failing', 'hanging']));
  expect(logged.find(({ part }) => part === 'lacking')).toMatchObject({ problem: 'missing: deliveries.due' });
});

test('a process that is starting is alive, and not ready', async () => {
  const app = setup({}, { phase: 'starting' }).detailed;
  expect((await request(app).get('/healthz')).status).toBe(200);
  const { status, body } = await request(app).get('/readyz');
  expect([status, body.parts]).toEqual([503, { process: 'starting' }]);
});

test('the parts are checked at most once a second', async () => {
  let asked = 0;
  const app = setup({
    counted: () => {
      asked += 1;
      return undefined;
    },
  }).open;
  const clock = vi.spyOn(performance, 'now').mockReturnValue(5000);
  const answers = await Promise.all(Array.from({ length: 20 }, () => request(app).get('/readyz')));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(asked).toBe(1);
  clock.mockReturnValue(6001);
  await request(app).get('/readyz');
  expect(asked).toBe(2);
  clock.mockRestore();
});
