import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { findFreePort } from '../../sandbox/local-environment.ts';
import { signatureHeaders } from '../../sandbox/perly/client.ts';
import type { LoadRequest } from '../load/open-loop.ts';
import type { SampleEvent } from '../load/sample.ts';
import type { Sink } from '../load/sink.ts';
import { numbersOf, type Subject, startProcess } from './subject.ts';

/** A signed request as Perly posts it. */
export function signedRequest(origin: string, secret: string, events: readonly SampleEvent[]): LoadRequest {
  const body = JSON.stringify(events.length === 1 ? events[0] : { events });
  return {
    origin,
    path: '/perly/events',
    headers: { 'content-type': 'application/json', ...signatureHeaders(secret, body) },
    body,
    numbers: numbersOf(events),
  };
}

/** A server that verifies and posts at once, without storing anything. @param client what it posts with */
export async function startBare(sink: Sink, client: 'undici' | 'slack-webhook'): Promise<Subject> {
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const script = join(import.meta.dirname, '../servers/bare.mjs');
  const server = await startProcess(process.execPath, [script, String(port), secret, sink.origin, client], {
    ready: 'is listening',
  });
  return {
    pids: [server.pid],
    toRequest: (events) => signedRequest(origin, secret, events),
    stop: server.stop,
  };
}
