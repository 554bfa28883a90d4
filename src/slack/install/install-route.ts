import type { InstallProvider } from '@slack/oauth';
import express, { type Request, type RequestHandler, type Router } from 'express';
import type { InstallContext } from '../../channels/install-context.ts';
import { AppError } from '../../lib/errors.ts';
import type { TokenCheck } from '../../lib/perly-token.ts';
import { renderConsent } from '../pages/render-consent.ts';
import { sendPage } from '../pages/send-page.ts';
import type { SiteLinks } from '../pages/site-links.ts';
import { redirectPath, scopes } from '../slack-app.ts';
import type { BrowserStates } from './browser-states.ts';
import { fromToken, toMetadata } from './install-context.ts';
import type { SlackLinks } from './slack-links.ts';

export const installPath = '/slack/install';

/** The name of the cookie by which @slack/oauth recognises a browser. */
const oauthCookie = 'slack-app-oauth-state';

/**
 * Redirects at once, as the App Directory demands, unless Perly's `token` names an account. @slack/oauth compares the
 * state with its one cookie: it is given the cookie of the tab that came back.
 */
export function installRoute(parts: {
  installer: InstallProvider;
  checkToken: TokenCheck;
  links: Pick<SlackLinks, 'read'>;
  browserStates: BrowserStates;
  perlyAppUrl: string;
  perlySettings: string;
  site: SiteLinks;
  redirectUri: string;
  unknown: RequestHandler;
}): Router {
  const { installer, browserStates, redirectUri } = parts;
  const router = express.Router();

  async function contextOf({ query: { token, link } }: Request): Promise<InstallContext | undefined> {
    if (token !== undefined) return fromToken(await parts.checkToken(String(token)), parts.perlyAppUrl);
    if (link !== undefined) return { from: 'slack', link: await parts.links.read(String(link)) };
    return undefined;
  }

  router.get(installPath, async (req, res) => {
    const context = await contextOf(req);
    const options = {
      scopes,
      redirectUri,
      ...(context !== undefined && { metadata: toMetadata(context) }),
      ...(context?.from === 'slack' && { teamId: context.link.teamId }),
    };
    const state = await installer.stateStore?.generateStateParam(options, new Date());
    if (state === undefined) throw new AppError('config_invalid', 'Bolt was set up without a state store.');
    browserStates.remember(req, res, state);
    res.set('Cache-Control', 'no-store');
    const authorizeUrl = await installer.generateInstallUrl(options, true, state);
    if (context?.from !== 'perly') return res.redirect(302, authorizeUrl);
    const { accountId, accountName, returnUrl = parts.perlySettings } = context;
    sendPage(
      res,
      renderConsent({ accountId, accountName, authorizeUrl, perlyUrl: returnUrl, site: parts.site }),
    );
  });

  router.use(redirectPath, (req, res, next) => {
    const { state } = req.query;
    const isOurs = typeof state === 'string' && browserStates.knows(req, state);
    req.headers.cookie = isOurs ? `${oauthCookie}=${state}` : '';
    // Bolt handles every path below this one, and @slack/oauth fails on some of them.
    if (req.path === '/') next();
    else parts.unknown(req, res, next);
  });
  return router;
}
