import express, { Router } from 'express';
import { z } from 'zod';
import type { PerlyClient } from './client.ts';

/** What the app told the local Perly. */
export type Notice = { at: string; type: string; channel: string; by: string | null; reason: string | null };

/** Where the app tells it. */
export const noticesPath = '/hooks/slack';

const noticeSchema = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.object({
    channel: z.object({ name: z.string() }),
    by: z.string().nullable(),
    reason: z.string().nullable(),
  }),
});

/** How many are kept. */
const most = 50;

/** Takes what the app tells, signed, once each, the latest first. */
export function receiveNotices(client: Pick<PerlyClient, 'readNotice'>): {
  notices: readonly Notice[];
  routes: Router;
} {
  const notices: Notice[] = [];
  const seen = new Set<string>();
  const routes = Router();

  routes.post(noticesPath, express.text({ type: () => true }), (req, res) => {
    const signed = client.readNotice(String(req.body), req.headers);
    if (signed === undefined) {
      res.status(401).end();
      return;
    }
    const { type, timestamp, data } = noticeSchema.parse(signed);
    const id = String(req.headers['webhook-id']);
    const { channel, by, reason } = data;
    if (!seen.has(id)) notices.unshift({ at: timestamp, type, channel: channel.name, by, reason });
    seen.add(id);
    notices.splice(most);
    res.status(204).end();
  });
  return { notices, routes };
}
