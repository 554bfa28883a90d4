import { Router } from 'express';
import { z } from 'zod';
import { escapeHtml, page } from '../slack/html.ts';
import type { PerlyClient } from './client.ts';

/** The local Perly: whose account it is, and where its pages and the app are. */
export type PerlySite = {
  client: Pick<PerlyClient, 'installUrl' | 'token'>;
  accountId: string;
  accountName: string;
  /** The base URL of these pages. */
  perlyAppUrl: string;
  /** The app's base URL. */
  appUrl: string;
};

const settings = '/settings/notifications/slack';

/** Those of Perly's pages that the app leads to: a customer's profile, the settings for Slack, and linking. */
export function perlyPages({ client, accountId, accountName, perlyAppUrl, appUrl }: PerlySite): Router {
  const router = Router();
  const claims = { name: accountName, return_url: `${perlyAppUrl}${settings}` };
  const show = (title: string, body: string) =>
    page(title, `<h1>${escapeHtml(title)}</h1>\n<p>This is a local Perly, for trying.</p>\n${body}`);

  router.get('/customers/:id', (req, res) => {
    res.send(
      show('A customer’s profile', `<p>Here Perly shows <code>${escapeHtml(req.params.id)}</code>.</p>`),
    );
  });

  router.get(settings, (_req, res) => {
    res.send(
      show(
        'Slack notifications',
        `<p>You are signed in to ${escapeHtml(accountName)}.</p>
<p><a href="${settings}/connect">Connect Slack</a></p>
<p><a href="/">Back to the local Slack</a></p>`,
      ),
    );
  });

  router.get(`${settings}/connect`, async (_req, res) => {
    res.redirect(302, await client.installUrl(accountId, claims));
  });

  router.get(`${settings}/link`, (req, res) => {
    const { state } = z.object({ state: z.string() }).parse(req.query);
    res.send(
      show(
        'Link Slack to this account?',
        `<p>Alerts about the customers of ${escapeHtml(accountName)} go to Slack then.</p>
<form method="get" action="${settings}/linked">
<input type="hidden" name="state" value="${escapeHtml(state)}">
<div class="answers"><button class="go" type="submit">Link</button></div>
</form>`,
      ),
    );
  });

  router.get(`${settings}/linked`, async (req, res) => {
    const { state } = z.object({ state: z.string() }).parse(req.query);
    const token = await client.token(accountId, { ...claims, state });
    res.redirect(302, `${appUrl}/perly/link?token=${token}`);
  });

  return router;
}
