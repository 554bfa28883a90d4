import request, { type Test } from 'supertest';
import { signatureHeaders } from '../../sandbox/perly/client.ts';
import { sampleEvent } from './sample-events.ts';
import { startTestApp, type TestApp } from './test-app.ts';

/** Secrets that the app of `startEventsApp` accepts. */
export const older = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
export const newest = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

type PostOptions = { secret?: string; at?: Date; headers?: Record<string, string>; type?: string };

export type EventsApp = {
  running: TestApp;
  /** Unchanged bytes, signed with `secret` at `at`. */
  post(body: string | Buffer, options?: PostOptions): Test;
  postJson(body: unknown, options?: PostOptions): Test;
  stored(id: unknown): Promise<number>;
};

export async function startEventsApp(): Promise<EventsApp> {
  const running = await startTestApp({ env: { PERLY_SECRETS: `${newest},${older}` } });
  await running.seedChannel('#customer-health', 'acct_demo');

  const post: EventsApp['post'] = (body, options = {}) => {
    const { secret = newest, at = new Date(), headers = {}, type = 'application/json' } = options;
    return request(running.url)
      .post('/perly/events')
      .set({ ...signatureHeaders(secret, body.toString(), at), ...headers })
      .type(type)
      .serialize((bytes: unknown) => bytes as string)
      .send(body);
  };
  return {
    running,
    post,
    postJson: (body, options) => post(JSON.stringify(body), options),
    stored: (id) => running.db.collection('events').countDocuments({ eventId: id }),
  };
}

let lastId = 0;

/** A sample event with a new id. */
export function event(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...sampleEvent('seed-example'), id: `evt_${++lastId}`, ...change };
}
