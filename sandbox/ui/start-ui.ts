import { fileURLToPath } from 'node:url';
import express, { type ErrorRequestHandler } from 'express';
import { z } from 'zod';
import type { AdjustableClock } from '../adjustable-clock.ts';
import { page } from '../slack/html.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { listen } from '../slack/server.ts';
import { createActions } from './actions.ts';
import { watchChanges } from './changes.ts';
import { createFaultActions } from './fault-actions.ts';
import { type LocalPerly, perlyAction, perlyRoutes } from './perly-actions.ts';
import { ReadState } from './read-state.ts';
import { takeSnapshot } from './take-snapshot.ts';

export const builtPage = fileURLToPath(new URL('dist/', import.meta.url));

export type Ui = {
  readonly url: string;
  close(): Promise<void>;
};

export async function startUi(parts: {
  slack: LocalSlack;
  clock: AdjustableClock;
  /** Shown beside Slack, and posts events. */
  perly?: LocalPerly;
  /** 0 chooses a free one. */
  port?: number;
}): Promise<Ui> {
  const { slack, clock, perly } = parts;
  const readState = new ReadState();
  const changes = watchChanges(slack.model);
  const actions = {
    ...createActions({ slack, clock, readState }),
    ...createFaultActions(slack),
    ...(perly && { 'perly-event': perlyAction(perly, clock) }),
  };
  const board = perly?.buttons.map(({ id, label, group }) => ({ id, label, group })) ?? [];

  const web = express().disable('x-powered-by');
  web.use((_req, res, next) => {
    res.set('content-security-policy', nothingFromOutside);
    next();
  });
  web.get('/api/snapshot', (req, res) => {
    const { user } = z.object({ user: z.string().optional() }).parse(req.query);
    res.set('cache-control', 'no-store').json(takeSnapshot(user, { slack, clock, readState, board }));
  });
  web.get('/api/changes', changes.stream);
  for (const [name, action] of Object.entries(actions)) {
    web.post(`/api/${name}`, express.json(), async (req, res) => {
      const answer = await action.run(req.body);
      changes.notify();
      res.json(answer);
    });
  }
  if (perly !== undefined) web.use(perlyRoutes(perly));
  web.use(express.static(builtPage));
  web.use((_req, res) => {
    res.status(404).send(page('No such page', notFound));
  });
  web.use(answerError);

  const listening = await listen(web, parts.port ?? 0);
  slack.setClientUrl(listening.origin);
  return {
    url: listening.origin,
    close: async () => {
      changes.close();
      await listening.close();
    },
  };
}

const nothingFromOutside = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

const notFound = `<h1>No such page</h1>
<p>The local Slack and the local Perly have only the pages that the app leads to and cannot do without.</p>
<p><a href="/">To the local Slack</a></p>`;

/** This server has no secrets, and only its developer sees it. */
const answerError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  const isShape = error instanceof z.ZodError;
  res.status(isShape ? 400 : 409).json({ error: isShape ? z.prettifyError(error) : String(error) });
};
