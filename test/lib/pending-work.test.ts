import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createPendingWork } from '../../src/lib/pending-work.ts';
import { createFetchWithTimeout } from '../../src/lib/timeout.ts';

test('settled waits for work in progress, even if it fails, but not for work that has ended', async () => {
  const { track, settled } = createPendingWork();
  const ends: string[] = [];
  let end = () => {};
  const first = track(
    new Promise<void>((resolve) => {
      end = resolve;
    }),
  ).then(() => ends.push('first'));
  const failed = track(Promise.reject(new Error('no')));
  await expect(failed).rejects.toThrow('no');
  const waiting = settled().then(() => ends.push('settled'));
  end();
  await Promise.all([first, waiting]);
  expect(ends).toEqual(['first', 'settled']);
  await settled();
});

test('a request to a server that does not answer times out', async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fetchWithTimeout = createFetchWithTimeout(50);
  await expect(fetchWithTimeout(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ name: 'TimeoutError' });
  const stopped = AbortSignal.abort();
  await expect(fetchWithTimeout(`http://127.0.0.1:${port}/`, { signal: stopped })).rejects.toMatchObject({
    name: 'AbortError',
  });
  server.closeAllConnections();
  server.close();
});
