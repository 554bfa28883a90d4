import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { stateLifetime } from './state-store.ts';

/** Which installs a browser has begun, so that none can be ended in another one. */
export type BrowserStates = {
  /** Has the browser remember that it began with this state, beside a few others: each tab has its own. */
  remember(req: Request, res: Response, state: string): void;
  /** Whether this browser began with this state. */
  knows(req: Request, state: string): boolean;
};

/** How many installs a browser may have under way; the oldest one gives way to one more. */
const maxStates = 5;

/** How much of a state's digest stands in the name of its cookie; the rest is its value. Characters. */
const nameLength = 12;

/**
 * One cookie a state. @slack/oauth's own single cookie would let a second tab undo the first.
 *
 * @param isSecure whether the app is on https; browsers keep the cookie from every other host and path then
 */
export function createBrowserStates({ isSecure }: { isSecure: boolean }): BrowserStates {
  const prefix = `${isSecure ? '__Host-' : ''}perly-install-`;
  // Any other name is not one of ours: it may hold what no Set-Cookie takes.
  const ownName = new RegExp(`^${prefix}[\\w-]{${nameLength}}$`);
  const attributes = { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/' } as const;

  return {
    remember(req, res, state) {
      const older = [...cookiesOf(req).keys()].filter((name) => ownName.test(name));
      // A browser names the cookies that it has had for longest first (RFC 6265, section 5.4).
      for (const name of older.slice(0, Math.max(0, older.length - maxStates + 1)))
        res.clearCookie(name, attributes);
      const { name, value } = toCookie(prefix, state);
      res.cookie(name, value, { ...attributes, maxAge: stateLifetime * 1000 });
    },

    knows(req, state) {
      const { name, value } = toCookie(prefix, state);
      return cookiesOf(req).get(name) === value;
    },
  };
}

/** The state itself is too long to have several of in one header. */
function toCookie(prefix: string, state: string): { name: string; value: string } {
  const digest = createHash('sha256').update(state).digest('base64url');
  return { name: `${prefix}${digest.slice(0, nameLength)}`, value: digest.slice(nameLength) };
}

/** A request's cookies, those that the browser has had for longest first. */
export function cookiesOf(req: Request): Map<string, string> {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}
