import { Router } from 'express';
import { z } from 'zod';
import type { Clock } from '../../src/clock.ts';
import type { PerlyButton } from '../perly/board.ts';
import type { PerlyClient } from '../perly/client.ts';
import { type Deed, deed } from './deeds.ts';

/** The local Perly that stands beside this Slack. */
export type LocalPerly = {
  client: PerlyClient;
  buttons: readonly PerlyButton[];
  accountId: string;
  /** The app's base URL. */
  appUrl: string;
};

/** Presses a button of the board: posts its events, and shows what the app answered. */
export function perlyDeed({ client, buttons }: LocalPerly, clock: Pick<Clock, 'now'>): Deed {
  return deed(z.object({ id: z.string() }), async ({ id }) => {
    const button = buttons.find((one) => one.id === id);
    if (button === undefined) throw new Error(`the board has no button ${id}`);
    const { body, eventId } = button.make(clock.now());
    const response = await client.post(body);
    return { status: response.status, body: await response.text(), eventId };
  });
}

/**
 * The two ways into an install, "Connect Slack" in Perly and Slack's App Directory; and what became of an event, as the
 * app tells Perly.
 */
export function perlyRoutes({ client, accountId, appUrl }: LocalPerly): Router {
  const router = Router();
  router.get('/perly/connect', async (_req, res) => {
    res.redirect(302, await client.installUrl(accountId));
  });
  router.get('/perly/directory', (_req, res) => {
    res.redirect(302, `${appUrl}/slack/install`);
  });
  router.get('/api/outcome', async (req, res) => {
    const { event } = z.object({ event: z.string() }).parse(req.query);
    const response = await client.eventStatus(accountId, event);
    res.status(response.status).json(await response.json());
  });
  return router;
}
