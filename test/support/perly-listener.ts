import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { z } from 'zod';
import { webhookEventResource } from '../../src/perly/webhooks/webhook-event.ts';

export type PerlyListener = {
  url: string;
  received: z.infer<typeof webhookEventResource>[];
  close(): void;
};

export async function startPerlyListener(): Promise<PerlyListener> {
  const received: PerlyListener['received'] = [];
  const server = createServer((req, res) => {
    json(req).then(
      (body) => {
        received.push(webhookEventResource.parse(body));
        res.writeHead(204).end();
      },
      () => res.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
