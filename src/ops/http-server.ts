import { createServer, type RequestListener, type Server } from 'node:http';

/** How long requests under way have to end once the server stops. Milliseconds. */
const closeDeadlineMs = 10_000;

export type HttpServer = {
  /** @returns the port, which is another one than asked for when that was 0 */
  listen(port: number): Promise<number>;
  /** Takes no new connection, ends idle ones, and waits for requests under way, at most ten seconds. */
  close(): Promise<void>;
};

/** An HTTP server that starts and ends cleanly. */
export function createHttpServer(listener: RequestListener): HttpServer {
  const server = createServer(listener);
  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, () => {
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

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server listens on no port.');
  return address.port;
}
