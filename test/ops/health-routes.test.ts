import express from 'express';
import pino from 'pino';
import request from 'supertest';
import { expect, test } from 'vitest';
import { healthRoutes, type Phase, type ReadinessCheck } from '../../src/ops/health-routes.ts';

function given(checks: Record<string, ReadinessCheck>, phase: Phase = 'ready') {
  return express().use(healthRoutes({ phase: () => phase, checks, logger: pino({ level: 'silent' }) }));
}

test('a part that says what is wrong, one that throws and one that hangs are told apart from the others', async () => {
  const app = given({
    fine: () => undefined,
    lacking: async () => 'missing: deliveries.due',
    failing: async () => {
      throw new Error('mongodb://user:hunter2@host');
    },
    hanging: () => new Promise(() => {}),
  });
  const { status, body } = await request(app).get('/readyz');
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
});

test('a process that starts is alive, and not ready', async () => {
  const app = given({}, 'starting');
  expect((await request(app).get('/healthz')).status).toBe(200);
  const { status, body } = await request(app).get('/readyz');
  expect([status, body.parts]).toEqual([503, { process: 'starting' }]);
});

test('however often it is asked, the parts are asked once a second', async () => {
  let asked = 0;
  const app = given({
    counted: () => {
      asked += 1;
      return undefined;
    },
  });
  const answers = await Promise.all(Array.from({ length: 20 }, () => request(app).get('/readyz')));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(asked).toBeLessThanOrEqual(2);
});
