import express, { Router } from 'express';
import { z } from 'zod';
import type { PerlyClient } from './client.ts';

export type ReceivedWebhook = {
  at: string;
  type: string;
  channel: string;
  by: string | null;
  reason: string | null;
};

export const webhooksPath = '/hooks/slack';

const webhookSchema = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.object({
    channel: z.object({ name: z.string() }),
    by: z.string().nullable(),
    reason: z.string().nullable(),
  }),
});

const maxWebhooks = 50;

/** Without duplicates, latest first. */
export function receiveWebhooks(client: Pick<PerlyClient, 'readWebhook'>): {
  webhooks: readonly ReceivedWebhook[];
  routes: Router;
} {
  const webhooks: ReceivedWebhook[] = [];
  const seen = new Set<string>();
  const routes = Router();

  routes.post(webhooksPath, express.text({ type: () => true }), (req, res) => {
    const signed = client.readWebhook(String(req.body), req.headers);
    if (signed === undefined) {
      res.status(401).end();
      return;
    }
    const { type, timestamp, data } = webhookSchema.parse(signed);
    const id = String(req.headers['webhook-id']);
    const { channel, by, reason } = data;
    if (!seen.has(id)) webhooks.unshift({ at: timestamp, type, channel: channel.name, by, reason });
    seen.add(id);
    webhooks.splice(maxWebhooks);
    res.status(204).end();
  });
  return { webhooks, routes };
}
