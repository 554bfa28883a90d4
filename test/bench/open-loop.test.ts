import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type LoadRequest, percentile, runLoad } from '../../bench/load/open-loop.ts';
import { eventFor, numbersIn, rulesOf } from '../../bench/load/sample.ts';
import { type Sink, startSink } from '../../bench/load/sink.ts';
import { decide } from '../../src/domain/decide.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(answer: (res: ServerResponse) => void | Promise<void>): Promise<string> {
  const server = createServer((req, res) => {
    req.resume().on('end', () => void answer(res));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function openSink(): Promise<Sink> {
  const sink = await startSink();
  closing.push(sink.close);
  return sink;
}

function requestsTo(origin: string, count: number): LoadRequest[] {
  return Array.from({ length: count }, (_, number) => ({
    origin,
    path: '/',
    headers: {},
    body: '{}',
    numbers: [number],
  }));
}

test('a server that stalls gets as many requests, and waiting counts from when each was due', async () => {
  const held: ServerResponse[] = [];
  const origin = await serve((res) => {
    held.push(res);
    if (held.length === 20) for (const each of held) each.writeHead(202).end();
  });
  const result = await runLoad({
    sink: await openSink(),
    requests: requestsTo(origin, 20),
    rate: 200,
    awaitArrivals: false,
  });
  expect(result.answers).toHaveLength(20);
  // The first one waits until the last one, 19 steps of 5 ms later, has come.
  expect(percentile(result.answers, 0.99)).toBeGreaterThanOrEqual(95);
  expect(result.refused.size).toBe(0);
});

test('an event arrives with its message, is lost if none arrives, and is neither if it is refused', async () => {
  const sink = await openSink();
  let asked = 0;
  const origin = await serve(async (res) => {
    const number = asked++;
    // Before the answer, after which the silence is measured.
    if (number === 0) await fetch(sink.origin, { method: 'POST', body: 'Customer-0 and again Customer-0' });
    if (number === 2) res.writeHead(503).end('away');
    else res.writeHead(202).end();
  });
  const result = await runLoad({ sink, requests: requestsTo(origin, 3), rate: 50, silenceMs: 300 });
  expect(result.arrivals).toHaveLength(1);
  expect(result.lost).toBe(1);
  expect([...result.refused]).toEqual([['503 away', 1]]);
});

test('every sample passes the rules of its channel, and is recognised by its number', () => {
  for (let channel = 0; channel < 8; channel++) {
    const event = eventFor(channel, 1234 + channel);
    const rules = { rules: rulesOf(channel), pausedUntil: null, mutes: [] };
    expect(decide(event, rules, new Date())).toEqual({ outcome: 'send' });
    expect(numbersIn(JSON.stringify({ text: event.customer.name }))).toEqual(new Set([1234 + channel]));
  }
});
