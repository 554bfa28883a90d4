import { Router } from 'express';
import { escapeHtml, page } from './html.ts';
import type { SlackModel } from './model.ts';

/** `/services/B…`: where people can remove a webhook. */
export function webhookPages(model: SlackModel): Router {
  const router = Router();
  router.get('/services/:webhook', (req, res, next) => {
    const webhook = model.webhooks.get(req.params.webhook);
    if (webhook === undefined) return next();
    const channel = escapeHtml(model.channel(webhook.channelId).name);
    const body =
      webhook.revokedAs === undefined
        ? `<form method="post"><button class="go" type="submit">Remove</button></form>`
        : '<p>It was removed.</p>';
    res.send(
      page('Incoming webhook', `<h1>Incoming webhook of Perly</h1><p>Posts to ${channel}.</p>${body}`),
    );
  });
  router.post('/services/:webhook', (req, res, next) => {
    const webhook = model.webhooks.get(req.params.webhook);
    if (webhook === undefined) return next();
    webhook.revokedAs ??= 'no_service';
    res.redirect(303, req.originalUrl);
  });
  return router;
}
