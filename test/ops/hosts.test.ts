import { Server } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { findFreePort } from '../../sandbox/local-environment.ts';
import { startTestApp } from '../support/test-app.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

// Checks the requested address: a machine may have only one.
describe('the app and its metrics listen', () => {
  test.each([
    ['on HOST only, metrics on this machine', { HOST: 'localhost' }, 'localhost', '127.0.0.1'],
    ['on all interfaces without HOST', { HOST: '' }, undefined, '127.0.0.1'],
    ['on METRICS_HOST only', { METRICS_HOST: 'localhost' }, '127.0.0.1', 'localhost'],
  ])('%s', async (_what, env, appHost, metricsHost) => {
    const listen = vi.spyOn(Server.prototype, 'listen');
    const metricsPort = await findFreePort();
    const running = await startTestApp({ env: { ...env, METRICS_PORT: String(metricsPort) } });
    const asked = listen.mock.calls.map(([options]) => options);
    expect(asked).toContainEqual({ port: running.config.port, host: appHost });
    expect(asked).toContainEqual({ port: metricsPort, host: metricsHost });
    expect((await fetch(`http://${metricsHost}:${metricsPort}/metrics`)).status).toBe(200);
    await running.close();
  });
});
