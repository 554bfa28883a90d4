import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBodyBudget } from '../../src/lib/body-budget.ts';
import { BodyError } from '../../src/lib/body-error.ts';
import { createBodyReader } from '../../src/lib/read-body.ts';

const limit = 300_000;
const budget = createBodyBudget(1_000_000);
let server: Server;
let port: number;
let begun = 0;
let outcomes: string[] = [];

beforeAll(async () => {
  const patient = createBodyReader({ budget, addressOf: () => 'a' });
  const hasty = createBodyReader({ budget, addressOf: () => 'a', deadlineMs: 50 });
  server = createServer((req, res) => {
    begun += 1;
    const read = req.url === '/hasty' ? hasty : patient;
    read(req, limit).then(
      (body) => {
        outcomes.push('read');
        res.end(createHash('sha256').update(body).digest('hex'));
      },
      (error: unknown) => {
        if (!(error instanceof BodyError)) throw error;
        outcomes.push(error.reason);
        res.writeHead(error.status).end(error.reason);
      },
    );
  }).listen(0);
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Begins a request over a bare connection. */
function begin(head: string, path = '/'): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, 'localhost', () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
      resolve(socket);
    });
    socket.on('error', () => {});
  });
}

async function answerOf(socket: Socket): Promise<string> {
  const [data] = await once(socket, 'data');
  socket.destroy();
  return String(data);
}

test('bytes arrive as they were sent, in any pieces and any framing', async () => {
  const piece = fc.uint8Array({ minLength: 1, maxLength: 4000 });
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.boolean(), async (pieces, isChunked) => {
      const body = Buffer.concat(pieces);
      const socket = await begin(isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`);
      for (const bytes of pieces) {
        if (isChunked) socket.write(`${bytes.length.toString(16)}\r\n`);
        socket.write(bytes);
        if (isChunked) socket.write('\r\n');
      }
      if (isChunked) socket.write('0\r\n\r\n');
      expect(await answerOf(socket)).toContain(createHash('sha256').update(body).digest('hex'));
    }),
    { numRuns: 40 },
  );
  expect(budget.used()).toBe(0);
});

test('a declared length above the limit is refused before any of the body arrives', async () => {
  expect(await answerOf(await begin(`Content-Length: ${limit + 1}`))).toMatch(/^HTTP\/1.1 413/);
});

test('a body that grows above the limit is refused at once', async () => {
  const socket = await begin('Transfer-Encoding: chunked');
  socket.write(`${(limit + 1).toString(16)}\r\n${'x'.repeat(limit + 1)}`);
  expect(await answerOf(socket)).toMatch(/^HTTP\/1.1 413/);
  expect(budget.used()).toBe(0);
});

test('a body that does not arrive in time is refused', async () => {
  const socket = await begin('Content-Length: 9', '/hasty');
  socket.write('ab');
  expect(await answerOf(socket)).toMatch(/^HTTP\/1.1 408/);
  expect(budget.used()).toBe(0);
});

test('a body whose sender disconnects uses no memory any more', async () => {
  outcomes = [];
  const socket = await begin('Content-Length: 9');
  socket.write('ab');
  await expect.poll(() => budget.used()).toBe(9);
  socket.destroy();
  await expect.poll(() => outcomes).toEqual(['aborted']);
  expect(budget.used()).toBe(0);
});

test('unfinished bodies share the budget, and small ones are read whatever the others do', async () => {
  outcomes = [];
  begun = 0;
  const sockets: Socket[] = [];
  for (let count = 1; count <= 10; count++) {
    const socket = await begin(`Content-Length: ${limit}`);
    socket.write('x'.repeat(limit - 1));
    sockets.push(socket);
    await expect.poll(() => begun).toBe(count);
    const small = await begin('Content-Length: 2');
    small.write('ab');
    expect(await answerOf(small)).toMatch(/^HTTP\/1.1 200/);
    begun = count;
  }
  // Three of them fit.
  await expect.poll(() => outcomes.filter((outcome) => outcome === 'evicted').length).toBe(7);
  expect(budget.used()).toBeLessThanOrEqual(1_000_000);
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => budget.used()).toBe(0);
});
