import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

export const closeDeadlineMs = 10_000;

type Timeouts = {
  headers: number;
  /** The time for a whole request: 1 MiB in this time is 280 kbit/s. */
  request: number;
  /** Maximum silence in a request or answer: longer than any of our own work, even without a database. */
  silence: number;
  /** Longer than load balancers keep an idle connection (60 s), so that the app is not the one to close it. */
  idle: number;
  /** After an early answer, input is discarded for this long, and then the connection is closed. */
  linger: number;
};

export const defaultTimeouts: Timeouts = {
  headers: 10_000,
  request: 30_000,
  silence: 60_000,
  idle: 65_000,
  linger: 2000,
};

/** Node's default is 2,000; real requests have about 30. */
const maxHeaders = 100;

export type HttpServer = {
  /** @returns the port, which differs from the requested one if that was 0 */
  listen(port: number, host?: string): Promise<number>;
  close(): Promise<void>;
};

export function createHttpServer(listener: RequestListener, timeouts = defaultTimeouts): HttpServer {
  const server = createServer(toServerOptions(timeouts), cutOffPipelining(refuseManyHeaders(listener)));
  server.timeout = timeouts.silence;
  server.on('request', (req, res) => res.once('finish', () => endUnfinished(req, timeouts.linger)));
  // Node silently drops further headers: one more reveals that there are too many.
  server.maxHeadersCount = maxHeaders + 1;
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, host }, () => {
          server.off('error', reject);
          resolve(portOf(server));
        });
      }),
    close: () =>
      new Promise((resolve) => {
        const deadline = setTimeout(() => server.closeAllConnections(), closeDeadlineMs);
        server.close(() => {
          clearTimeout(deadline);
          resolve();
        });
      }),
  };
}

/** Refuses a truncated list of headers: the last are missing, above all our proxy's `X-Forwarded-For`. */
function refuseManyHeaders(listener: RequestListener): RequestListener {
  return (req, res) => {
    if (req.rawHeaders.length <= 2 * maxHeaders) return listener(req, res);
    res.writeHead(431, { connection: 'close', 'content-type': 'text/plain', 'cache-control': 'no-store' });
    res.end(`The request has more than ${maxHeaders} headers.`);
  };
}

/**
 * Node would start all requests of a packet before serving anybody else.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2
 */
function cutOffPipelining(listener: RequestListener): RequestListener {
  const busy = new WeakSet<Socket>();
  return (req, res) => {
    const { socket } = req;
    if (busy.has(socket)) {
      socket.destroy();
      return;
    }
    busy.add(socket);
    res.once('finish', () => busy.delete(socket));
    listener(req, res);
  };
}

/** Discards input for a while: if the connection closes, a client that is still sending loses the answer. */
function endUnfinished(req: IncomingMessage, lingerMs: number): void {
  if (req.complete) return;
  const linger = setTimeout(() => req.destroy(), lingerMs);
  req.once('close', () => clearTimeout(linger));
}

/** Node closes slow connections at the first check after the timeout: so its timeouts are one interval shorter. */
export function toServerOptions({ headers, request, idle }: Timeouts) {
  const connectionsCheckingInterval = Math.min(1000, headers / 2);
  return {
    headersTimeout: headers - connectionsCheckingInterval,
    requestTimeout: request - connectionsCheckingInterval,
    keepAliveTimeout: idle,
    connectionsCheckingInterval,
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new TypeError('The server is not listening on a port.');
  return address.port;
}
