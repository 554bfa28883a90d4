import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createHttpServer,
  defaultTimeouts,
  type HttpServer,
  toServerOptions,
} from '../../src/ops/http-server.ts';

const timeouts = { headers: 100, request: 200, silence: 1500, idle: 200, linger: 100 };

let server: HttpServer;
let port: number;
const asked: (string | undefined)[] = [];
beforeAll(async () => {
  server = createHttpServer((req, res) => {
    asked.push(req.url);
    // Requests to /silent are never answered.
    if (req.url === '/refused') res.writeHead(401).end();
    else req.resume().on('end', () => req.url !== '/silent' && res.end('done'));
  }, timeouts);
  port = await server.listen(0);
});
afterAll(() => server.close());

/** Sends a text over a bare connection, and nothing more. @returns all that the server sends until it closes */
function say(text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, 'localhost', () => socket.write(text));
    socket
      .on('data', (data) => {
        heard += String(data);
      })
      .on('error', () => {})
      .on('close', () => resolve(heard));
  });
}

describe('a request has at most 100 headers', () => {
  const ask = (headers: number) => say(`GET / HTTP/1.1\r\nHost: x\r\n${'X: x\r\n'.repeat(headers - 1)}\r\n`);

  test('with which it is answered', async () => {
    expect(await ask(100)).toMatch(/^HTTP\/1.1 200/);
  });

  test.each([101, 102, 150, 900])('%d are refused, and the connection closes', async (headers) => {
    const answer = await ask(headers);
    expect(answer).toMatch(/^HTTP\/1.1 431/);
    expect(answer).toMatch(/connection: close/i);
  });
});

describe('a connection has one request at a time', () => {
  test('and ends when the next one does not wait for the answer', async () => {
    await say('GET /eager HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000));
    expect(asked.filter((url) => url === '/eager')).toHaveLength(1);
  });

  test('while any number may follow one another', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const request = get({ port, agent, path: '/patient' }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        });
        request.on('error', reject);
      });
    for (let times = 0; times < 20; times++) expect(await ask()).toBe(200);
    agent.destroy();
  });
});

test('a connection that is closed at the first check after its timeout has not lasted longer than it may', () => {
  const { headersTimeout, requestTimeout, connectionsCheckingInterval } = toServerOptions(defaultTimeouts);
  expect(headersTimeout + connectionsCheckingInterval).toBe(10_000);
  expect(requestTimeout + connectionsCheckingInterval).toBe(30_000);
});

describe('a connection is closed', () => {
  test.each([
    ['that sends nothing', '', 'HTTP/1.1 408'],
    ['whose headers never end', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ', 'HTTP/1.1 408'],
    ['whose body never ends', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab', 'HTTP/1.1 408'],
    [
      'that sends on after it was refused',
      `POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nab`,
      'HTTP/1.1 401',
    ],
    ['whose request is never answered', 'GET /silent HTTP/1.1\r\nHost: x\r\n\r\n', ''],
    ['that idles after its answer', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'HTTP/1.1 200'],
    ['that speaks no HTTP', 'hello\r\n\r\n', 'HTTP/1.1 400'],
    [
      'of more headers than fit',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      'HTTP/1.1 431',
    ],
  ])('%s', async (_, text, answer) => {
    expect((await say(text)).slice(0, 12)).toBe(answer);
  });
});
