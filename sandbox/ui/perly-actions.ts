import { Router } from 'express';
import { z } from 'zod';
import type { Clock } from '../../src/lib/clock.ts';
import type { PerlyButton } from '../perly/board.ts';
import type { PerlyClient } from '../perly/client.ts';
import { type PerlySite, perlyPages } from '../perly/pages.ts';
import { type Action, action } from './actions.ts';

export type LocalPerly = PerlySite & { client: PerlyClient; buttons: readonly PerlyButton[] };

/** Returns the app's answer. */
export function perlyAction({ client, buttons }: LocalPerly, clock: Pick<Clock, 'now'>): Action {
  return action(z.object({ id: z.string() }), async ({ id }) => {
    const button = buttons.find((one) => one.id === id);
    if (button === undefined) throw new Error(`the board has no button ${id}`);
    const { body, eventId } = button.make(clock.now());
    const response = await client.post(body);
    return { status: response.status, body: await response.text(), eventId };
  });
}

export function perlyRoutes(perly: LocalPerly): Router {
  const { client, accountId, appUrl } = perly;
  const router = Router();
  router.use(perlyPages(perly));
  router.get('/app-directory', (_req, res) => {
    res.redirect(302, `${appUrl}/slack/install`);
  });
  router.get('/api/outcome', async (req, res) => {
    const { event } = z.object({ event: z.string() }).parse(req.query);
    const response = await client.eventStatus(accountId, event);
    res.status(response.status).json(await response.json());
  });
  return router;
}
