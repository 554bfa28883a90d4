import type { ServerResponse } from 'node:http';
import type { Request } from 'express';
import { z } from 'zod';
import type { Viewer } from '../../domain/permissions.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { createSignedTokens } from '../../lib/signed-tokens.ts';
import { deriveKey } from '../../store/keyring.ts';
import { cookiesOf } from './browser-states.ts';

export type BrowserPerson = {
  remember(res: ServerResponse, person: Viewer): Promise<void>;
  /** Returns `undefined` if OAuth has not recently proved a person in this browser. */
  read(req: Request, teamId: string): Promise<Viewer | undefined>;
};

/** Ten minutes to follow the link on the page after OAuth, and ten for the link itself. Seconds. */
const lifetime = 20 * 60;

/** Stores one signed cookie per workspace. */
export function createBrowserPerson(parts: {
  secrets: readonly Buffer[];
  isSecure: boolean;
  clock: Pick<Clock, 'now'>;
}): BrowserPerson {
  const { isSecure, clock } = parts;
  const tokens = createSignedTokens({
    keys: parts.secrets.map((secret) => deriveKey(secret, 'person of a browser')),
    audience: 'browser-person',
    lifetime,
    content: z.object({ teamId: z.string(), userId: z.string() }),
  });
  const toName = (teamId: string) => `${isSecure ? '__Host-' : ''}perly-person-${teamId}`;

  return {
    async remember(res, { teamId, userId }) {
      const token = await tokens.sign({ teamId, userId }, clock.now());
      const attributes = `Max-Age=${lifetime}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
      res.appendHeader('set-cookie', `${toName(teamId)}=${token}; ${attributes}`);
    },

    async read(req, teamId) {
      const token = cookiesOf(req).get(toName(teamId));
      if (token === undefined) return undefined;
      try {
        const { content } = await tokens.verify(token, clock.now());
        return content.teamId === teamId ? content : undefined;
      } catch (error) {
        if (error instanceof AppError) return undefined;
        throw error;
      }
    },
  };
}
