import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { createWindowCounter, exhaustedHeaders } from '../lib/window-counter.ts';

const maxAddresses = 100_000;

/** Cached: parsing an address costs more than the rest of counting it, and few addresses send most requests. */
const keys = new LRUCache<string, string>({ max: 1000, memoMethod: (address) => ipKeyGenerator(address) });

/** The address that a request counts for: an IPv4 address, or a /56 of IPv6. */
export function addressOf(req: IncomingMessage & { ip?: string | undefined }): string {
  return keys.memo(req.ip ?? '');
}

/**
 * Limits requests per address and minute, in this process. Requests above the limit are refused before anything of
 * them is read.
 * @param options.name the limit's name in the headers of a refusal
 * @param options.counts whether a finished request counts; unfinished ones do not. Without it, every request counts
 * on arrival
 * @param options.refuse answers a refused request
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
