import type { RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';

const windowMs = 60_000;

/** To parse an address costs more than all else that is done to count it, and few send most of what comes. */
const keys = new LRUCache<string, string>({ max: 1000, memoMethod: (address) => ipKeyGenerator(address) });

/**
 * Limits how often an address may do something within a minute, in this process: an IPv4 address, or a /56 of IPv6.
 * Its answers say so in `RateLimit-Policy` and `RateLimit`
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/08/), and a refusal in `Retry-After`.
 *
 * @param options.name what the headers call the limit
 * @param options.counts whether an answer counts; without it, every request does
 * @param options.refuse answers instead of whatever the request was for
 */
export function addressLimit(options: {
  name: string;
  limit: number;
  counts?: (res: Response) => boolean;
  refuse: (res: Response) => void;
}): RequestHandler {
  const { counts } = options;
  return rateLimit({
    windowMs,
    limit: options.limit,
    identifier: options.name,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: ({ ip = '' }) => keys.memo(ip),
    ...(counts !== undefined && {
      skipSuccessfulRequests: true,
      requestWasSuccessful: (_req, res) => !counts(res),
    }),
    handler: (_req, res) => options.refuse(res.status(429)),
    // What a proxy says of an address is the business of TRUST_PROXY.
    validate: { xForwardedForHeader: false, forwardedHeader: false, keyGeneratorIpFallback: false },
  });
}
