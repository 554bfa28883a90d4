import express, { type Router } from 'express';
import { sendPage } from '../pages/send-page.ts';
import { sitePaths } from '../pages/site-links.ts';
import { type Landing, renderLanding } from './render-landing.ts';
import { renderPrivacy } from './render-privacy.ts';
import { renderSupport } from './render-support.ts';

/** The pages are rendered once, and need no database. */
export function siteRoute(parts: Landing): Router {
  const router = express.Router();
  const pages = [
    [sitePaths.about, renderLanding(parts)],
    [sitePaths.support, renderSupport(parts)],
    [sitePaths.privacy, renderPrivacy(parts)],
  ] as const;
  for (const [path, page] of pages) router.get(path, (_req, res) => sendPage(res, page));
  return router;
}
