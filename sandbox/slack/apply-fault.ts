import { setTimeout as wait } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { TriggeredFault } from './faults.ts';
import { webhookErrors } from './webhook-errors.ts';

/** Gives the answer as the fault demands: at once, late, or never. */
type Finish = (answer: () => void) => Promise<void>;

/** Webhooks answer as text, the Web API as JSON. */
type Words = (res: Response, error: string) => void;

export function webhookAnswer(res: Response, error: string): void {
  const known = Object.entries(webhookErrors).find(([name]) => name === error);
  if (res.statusCode === 200) res.status(known?.[1] ?? 400);
  res.type('text/plain').send(error);
}

/** With HTTP 200 unless a status was set before. */
export function apiAnswer(res: Response, error: string): void {
  res.json({ ok: false, error });
}

/** @returns how to give the answer once the request was accepted; undefined if the fault has already answered */
export async function applyFault(
  met: TriggeredFault | undefined,
  req: Request,
  res: Response,
  say: Words,
): Promise<Finish | undefined> {
  const atOnce: Finish = async (answer) => answer();
  if (met === undefined) return atOnce;
  const { fault, released } = met;
  if ('status' in fault) {
    if (fault.retryAfter !== undefined) res.set('Retry-After', String(fault.retryAfter));
    res.status(fault.status);
    if (fault.body === undefined) say(res, fault.status === 429 ? 'ratelimited' : 'internal_error');
    else res.type(fault.type ?? 'text/plain').send(fault.body);
    return undefined;
  }
  if ('error' in fault) {
    say(res, fault.error);
    return undefined;
  }
  if ('reset' in fault) {
    if (fault.reset === 'after') return async () => cut(req);
    cut(req);
    return undefined;
  }
  if ('delay' in fault) {
    await wait(fault.delay);
    return atOnce;
  }
  if (fault.hang === 'after') return (answer) => released.then(answer);
  await released;
  return req.socket.destroyed ? undefined : atOnce;
}

/** The client sees a reset instead of an orderly end. */
function cut(req: Request): void {
  req.socket.resetAndDestroy();
}
