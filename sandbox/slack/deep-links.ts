import { Router } from 'express';
import type { SlackApp } from './app.ts';
import { escapeHtml, page } from './html.ts';
import type { SlackModel } from './model.ts';

/** https://docs.slack.dev/interactivity/deep-linking; undocumented URLs are refused. */
export function deepLinks(model: SlackModel, app: SlackApp, clientUrl: () => string | undefined): Router {
  const router = Router();
  router.get('/app_redirect', (req, res) => {
    const query = new URL(req.url, 'http://slack').searchParams;
    const target = findTarget(query);
    if (typeof target === 'string') {
      res.status(404).send(page('Not found', `<h1>Not found</h1><p><code>${target}</code></p>`));
      return;
    }
    const client = clientUrl();
    if (client !== undefined) res.redirect(302, `${client}/#${target.fragment}`);
    else res.send(page('Slack', `<h1>Opening ${escapeHtml(target.name)} in Slack</h1>`));
  });

  function findTarget(query: URLSearchParams): { name: string; fragment: string } | string {
    const [appId, channelId, teamId] = ['app', 'channel', 'team'].map((name) => query.get(name));
    const team = model.teams.get(teamId ?? model.team().id);
    if (team === undefined) return 'team_not_found';
    if (appId) {
      if (appId !== app.id) return 'app_not_found';
      return { name: `${app.name}’s Home in ${team.name}`, fragment: 'home' };
    }
    const channel = model.channels.get(channelId ?? '');
    if (channel?.teamId !== team.id) return 'channel_not_found';
    return { name: `#${channel.name} in ${team.name}`, fragment: channel.name };
  }

  return router;
}
