import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { findFreePort } from '../../sandbox/local-environment.ts';
import { startTestApp } from '../support/test-app.ts';

/** Whether somebody listens; all of 127.0.0.0/8 is this machine. */
async function listensOn(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe('the app and its metrics listen', () => {
  test.each([
    ['on HOST alone, metrics on this machine', { HOST: '127.0.0.2' }, [false, true], [true, false]],
    ['on all interfaces without HOST', { HOST: '' }, [true, true], [true, false]],
    ['on METRICS_HOST alone', { METRICS_HOST: '127.0.0.2' }, [true, false], [false, true]],
  ])('%s', async (_what, env, appOn, metricsOn) => {
    const metricsPort = await findFreePort();
    const running = await startTestApp({ env: { ...env, METRICS_PORT: String(metricsPort) } });
    const on = (port: number) => Promise.all(['127.0.0.1', '127.0.0.2'].map((host) => listensOn(host, port)));
    expect(await on(running.config.port)).toEqual(appOn);
    expect(await on(metricsPort)).toEqual(metricsOn);
    await running.close();
  });
});
