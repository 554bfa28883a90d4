import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { createWindowCounter, exhaustedHeaders } from '../lib/window-counter.ts';

/** So many addresses are kept in mind by each limit. */
const maxAddresses = 100_000;

/** To parse an address costs more than all else that is done to count it, and few send most of what comes. */
const keys = new LRUCache<string, string>({ max: 1000, memoMethod: (address) => ipKeyGenerator(address) });

/** The address that a request of Express's counts for: an IPv4 address, or a /56 of IPv6. */
export function addressOf(req: IncomingMessage & { ip?: string | undefined }): string {
  return keys.memo(req.ip ?? '');
}

/**
 * Limits how often an address may do something within a minute, in this process. What is beyond the limit is refused before anything of it is read.
 *
 * @param options.name what the headers of a refusal call the limit
 * @param options.counts whether a request counts, asked when it was answered: one that is under way, or is cut off, does
 *   not. Without it every request counts as it comes
 * @param options.refuse answers instead of whatever the request was for
 * @param options.now milliseconds since 1970
 */
export function addressLimit(options: {
  name: string;
  limit: number;
  counts?: (req: Request, res: Response) => boolean;
  refuse: (res: Response) => void;
  now: () => number;
}): RequestHandler {
  const { name, limit, counts, refuse, now } = options;
  const counter = createWindowCounter({ now, maxKeys: maxAddresses });

  return (req, res, next) => {
    const key = addressOf(req);
    const { count, endsAt } = counter.get(key);
    if (count >= limit) {
      res.set(exhaustedHeaders(name, limit, Math.ceil((endsAt - now()) / 1000)));
      return refuse(res.status(429));
    }
    if (counts === undefined) counter.add(key, 1);
    else res.once('finish', () => counts(req, res) && counter.add(key, 1));
    next();
  };
}
