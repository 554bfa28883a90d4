import type { IncomingMessage, ServerResponse } from 'node:http';
import { ipKeyGenerator } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { createWindowCounter, exhaustedHeaders } from '../lib/window-counter.ts';

const maxAddresses = 100_000;

/** Parsing an address costs more than the rest of counting it, and few addresses send most requests. */
const keys = new LRUCache<string, string>({ max: 1000, memoMethod: (address) => ipKeyGenerator(address) });

/** An IPv4 address, or a /56 of IPv6. */
export type AddressKey = (req: IncomingMessage) => string;

export function createAddressKey(clientAddress: ClientAddress): AddressKey {
  return (req) => keys.memo(clientAddress(req) ?? '');
}

/** @returns whether the request may go on; otherwise it has been answered */
export type AddressLimit = (req: IncomingMessage, res: ServerResponse) => boolean;

/**
 * Counts requests per minute, in this process.
 * @param options.counts whether a finished request counts; without it, every request counts on arrival
 * @param options.refuse answers a refused request
 */
export function createAddressLimit(options: {
  name: string;
  limit: number;
  addressOf: AddressKey;
  counts?: (req: IncomingMessage, res: ServerResponse) => boolean;
  refuse: (res: ServerResponse) => void;
  now: () => number;
}): AddressLimit {
  const { name, limit, addressOf, counts, refuse, now } = options;
  const counter = createWindowCounter({ now, maxKeys: maxAddresses });

  return (req, res) => {
    const key = addressOf(req);
    const { count, endsAt } = counter.get(key);
    if (count >= limit) {
      const headers = exhaustedHeaders(name, limit, Math.ceil((endsAt - now()) / 1000));
      for (const [header, value] of Object.entries(headers)) res.setHeader(header, value);
      res.statusCode = 429;
      refuse(res);
      return false;
    }
    if (counts === undefined) counter.add(key, 1);
    else res.once('finish', () => counts(req, res) && counter.add(key, 1));
    return true;
  };
}

/** Returns `undefined` once the request's connection is gone. */
export type ClientAddress = (req: IncomingMessage) => string | undefined;

/** Reads `X-Forwarded-For` from its end, where proxies add what they saw: the start can be invented. */
export function createClientAddress(trustProxy: number): ClientAddress {
  return (req) => {
    const { remoteAddress } = req.socket;
    const forwarded = req.headers['x-forwarded-for'];
    if (trustProxy === 0 || forwarded === undefined) return remoteAddress;
    const addresses = String(forwarded)
      .split(',')
      .map((address) => address.trim())
      .filter((address) => address !== '');
    return addresses.at(-Math.min(trustProxy, addresses.length)) ?? remoteAddress;
  };
}
