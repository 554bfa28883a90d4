import type { IncomingMessage } from 'node:http';

/** The address that sent a request; `undefined` once its connection is gone. */
export type ClientAddress = (req: IncomingMessage) => string | undefined;

/**
 * Reads the address of the client: the socket's, or the one reported by the outermost of our proxies. Each proxy adds
 * the address that it saw at the end of `X-Forwarded-For`; what is further ahead can be invented.
 * @param trustProxy number of proxies in front of the app
 */
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
