import { createServer } from 'node:http';
import { findFreePort } from '../../sandbox/local-environment.ts';
import { numbersIn } from './sample.ts';

/** A substitute for Slack's webhooks under load. */
export type Sink = {
  /** `http://…`, where every path is a webhook. */
  origin: string;
  /** Called with each event when its message has completely arrived. */
  onArrival: (number: number, at: number) => void;
  /** Whether the webhook at a path never answers. */
  hangs: (path: string) => boolean;
  /** Number of messages so far. */
  messages(): number;
  close(): void;
};

/**
 * Answers `ok` to every message, and does nothing else: the local Slack validates each block, which would cost more
 * than what is measured.
 */
export async function startSink(): Promise<Sink> {
  let messages = 0;
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const at = performance.now();
      if (sink.hangs(req.url ?? '')) return;
      res.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
      messages += 1;
      for (const number of numbersIn(Buffer.concat(chunks).toString())) sink.onArrival(number, at);
    });
  });
  server.keepAliveTimeout = 120_000;
  const port = await findFreePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const sink: Sink = {
    origin: `http://127.0.0.1:${port}`,
    onArrival: () => {},
    hangs: () => false,
    messages: () => messages,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return sink;
}
