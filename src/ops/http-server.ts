import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long requests under way have to end once the server stops. Milliseconds. */
export const closeDeadlineMs = 10_000;

/** The longest that a caller may take for what, in milliseconds. */
type Timeouts = {
  /** All headers of a request. */
  headers: number;
  /** All of a request: 1 MiB in it takes 280 kbit/s. */
  request: number;
  /** Silence within a request or its answer; longer than anything of ours takes, the database being away included. */
  silence: number;
  /**
   * A connection between two requests: longer than a load balancer keeps it (60 s), so that the app is not the one
   * that ends it.
   */
  idle: number;
  /** Sending on after an answer was given: what comes is discarded, and then the connection ended. */
  linger: number;
};

export const defaultTimeouts: Timeouts = {
  headers: 10_000,
  request: 30_000,
  silence: 60_000,
  idle: 65_000,
  linger: 2000,
};

/** Node's own is 2,000; nobody sends more than some thirty. */
const maxHeaders = 100;

export type HttpServer = {
  /**
   * @param host the address to listen on; all interfaces without one
   * @returns the port, which is another one than asked for when that was 0
   */
  listen(port: number, host?: string): Promise<number>;
  /** Takes no new connection, ends idle ones, and waits for requests under way, at most ten seconds. */
  close(): Promise<void>;
};

/** An HTTP server that starts and ends cleanly, and on which nobody can hold a connection by being slow. */
export function createHttpServer(listener: RequestListener, timeouts = defaultTimeouts): HttpServer {
  const server = createServer(toServerOptions(timeouts), cutOffPipelining(refuseManyHeaders(listener)));
  server.timeout = timeouts.silence;
  server.on('request', (req, res) => res.once('finish', () => endUnfinished(req, timeouts.linger)));
  // Node drops what is beyond it without a word: one more shows that there are too many.
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

/**
 * Refuses a request with more headers than are read. Of a shortened list, the last ones would be missing, which a proxy
 * of ours added: its `X-Forwarded-For`, above all.
 */
function refuseManyHeaders(listener: RequestListener): RequestListener {
  return (req, res) => {
    if (req.rawHeaders.length <= 2 * maxHeaders) return listener(req, res);
    res.writeHead(431, { connection: 'close', 'content-type': 'text/plain', 'cache-control': 'no-store' });
    res.end(`A request may have ${maxHeaders} headers.`);
  };
}

/**
 * Ends a connection on which a request comes before the last one is answered. Node would begin with all that fit in one
 * packet, some 1,700, before anybody else has their turn. Browsers and proxies wait for each answer.
 *
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

/** A client that is still sending would not read its answer if its connection ended at once. */
function endUnfinished(req: IncomingMessage, lingerMs: number): void {
  if (req.complete) return;
  const linger = setTimeout(() => req.destroy(), lingerMs);
  req.once('close', () => clearTimeout(linger));
}

/**
 * Node's options. It looks for slow connections only every so often, and ends one at the first look after its timeout:
 * its timeouts are shorter than ours by as much.
 */
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
  if (address === null || typeof address === 'string') throw new TypeError('The server listens on no port.');
  return address.port;
}
