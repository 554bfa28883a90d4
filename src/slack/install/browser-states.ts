import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { stateLifetime } from './state-store.ts';

/** Remembers the installs that a browser started, so that another browser cannot finish them. */
export type BrowserStates = {
  /** Each tab has its own state. */
  remember(req: Request, res: Response, state: string): void;
  knows(req: Request, state: string): boolean;
};

/** Maximum number of states of a browser; with more, the oldest is forgotten. */
const maxStates = 5;

/** Characters of a state's digest in the name of its cookie; the rest is its value. */
const nameLength = 12;

/**
 * Sets a cookie per state: the single cookie of @slack/oauth would let a second tab undo the first.
 * @param isSecure if true, browsers bind the cookie to this host and path
 */
export function createBrowserStates({ isSecure }: { isSecure: boolean }): BrowserStates {
  const prefix = `${isSecure ? '__Host-' : ''}perly-install-`;
  // A cookie of any other name is not ours: its name may be invalid in Set-Cookie.
  const ownName = new RegExp(`^${prefix}[\\w-]{${nameLength}}$`);
  const attributes = { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/' } as const;

  return {
    remember(req, res, state) {
      const older = [...cookiesOf(req).keys()].filter((name) => ownName.test(name));
      // Browsers send the oldest cookies first (RFC 6265, section 5.4).
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

/** Puts a hash into the cookie, since several states are too long for one header. */
function toCookie(prefix: string, state: string): { name: string; value: string } {
  const digest = createHash('sha256').update(state).digest('base64url');
  return { name: `${prefix}${digest.slice(0, nameLength)}`, value: digest.slice(nameLength) };
}

export function cookiesOf(req: Request): Map<string, string> {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}
