import { Router } from 'express';
import { z } from 'zod';
import { escapeHtml, page } from '../slack/html.ts';
import type { PerlyClient } from './client.ts';
import { renderSettings, settingsPath } from './settings-page.ts';
import { readSettings, settingsRoutes } from './settings-routes.ts';
import { receiveWebhooks } from './webhooks.ts';

export type PerlySite = {
  client: Pick<PerlyClient, 'installUrl' | 'connectToken' | 'api' | 'readState' | 'readWebhook'>;
  accountId: string;
  accountName: string;
  perlyAppUrl: string;
  appUrl: string;
};

/** A customer's profile, the settings for Slack, which use the settings API, and linking. */
export function perlyPages({ client, accountId, accountName, perlyAppUrl, appUrl }: PerlySite): Router {
  const router = Router();
  const settings = settingsPath;
  const api = client.api(accountId);
  const { webhooks, routes } = receiveWebhooks(client);
  router.use(routes, settingsRoutes(api));
  const claims = { name: accountName, return_url: `${perlyAppUrl}${settings}` };
  const show = (title: string, body: string) =>
    page(title, `<h1>${escapeHtml(title)}</h1>\n<p>This is a local Perly, for trying.</p>\n${body}`);

  router.get('/customers/:id', (req, res) => {
    res.send(
      show('A customer’s profile', `<p>Here Perly shows <code>${escapeHtml(req.params.id)}</code>.</p>`),
    );
  });

  router.get(settings, async (req, res) => {
    const { notice } = z.object({ notice: z.string().optional() }).parse(req.query);
    const shown = { accountName, notice, webhooks, ...(await readSettings(api)) };
    res.send(show('Slack notifications', renderSettings(shown)));
  });

  router.get(`${settings}/connect`, async (_req, res) => {
    res.redirect(302, await client.installUrl(accountId, claims));
  });

  router.get(`${settings}/link`, async (req, res) => {
    const { state } = z.object({ state: z.string() }).parse(req.query);
    const asks = await client.readState(state);
    if (asks === undefined) {
      res
        .status(400)
        .send(show('This link does not work', '<p>It is too old, or was not made by the app.</p>'));
      return;
    }
    res.send(
      show(
        'Link Slack to this account?',
        `<p>Alerts about the customers of ${escapeHtml(accountName)} go to the Slack workspace
<strong>${escapeHtml(asks.teamName ?? 'without a name')}</strong> (<code>${escapeHtml(asks.teamId)}</code>) then. <code>${escapeHtml(asks.userId)}</code> asks for it.</p>
<form method="get" action="${settings}/linked">
<input type="hidden" name="state" value="${escapeHtml(state)}">
<div class="answers"><button class="go" type="submit">Link</button></div>
</form>`,
      ),
    );
  });

  router.get(`${settings}/linked`, async (req, res) => {
    const { state } = z.object({ state: z.string() }).parse(req.query);
    const token = await client.connectToken(accountId, { ...claims, state });
    res.redirect(302, `${appUrl}/perly/link?token=${token}`);
  });

  return router;
}
