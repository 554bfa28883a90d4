import type { InstallProvider } from '@slack/oauth';
import express, { type Router } from 'express';
import type { TokenCheck } from '../../perly/token.ts';
import { scopes } from '../slack-app.ts';
import { fromToken, toMetadata } from './install-context.ts';

export const installPath = '/slack/install';

/**
 * `GET /slack/install`: sends the browser to Slack at once, as the App Directory demands. With Perly's `token` the
 * account travels in this request's own state.
 */
export function installRoute(parts: {
  installer: InstallProvider;
  checkToken: TokenCheck;
  perlyAppUrl: string;
  redirectUri: string;
}): Router {
  const router = express.Router();

  router.get(installPath, async (req, res) => {
    const { token } = req.query;
    const metadata =
      token === undefined
        ? {}
        : { metadata: toMetadata(fromToken(await parts.checkToken(String(token)), parts.perlyAppUrl)) };
    res.set('Cache-Control', 'no-store');
    await parts.installer.handleInstallPath(req, res, undefined, {
      scopes,
      redirectUri: parts.redirectUri,
      ...metadata,
    });
  });
  return router;
}
