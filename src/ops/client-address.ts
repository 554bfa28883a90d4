import type { IncomingMessage } from 'node:http';

/** `undefined` once its connection is gone. */
export type ClientAddress = (req: IncomingMessage) => string | undefined;

/** Each proxy adds the address that it saw at the end of `X-Forwarded-For`; what is further ahead can be invented. */
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
