import express, { type Request, type Response, Router } from 'express';
import type { SlackApp } from './app.ts';
import { type AuthorizeRequest, readAuthorizeRequest } from './authorize-request.ts';
import { approvalRequestedPage, authorizeErrorPage, consentPage } from './consent-page.ts';
import { directMessagesOf } from './direct-messages.ts';
import type { Grant } from './grants.ts';
import type { SlackModel } from './model.ts';
import type { Team, User } from './records.ts';

const deniedByPerson = 'The user has denied access to the scope(s) requested by the client application.';

/** GET shows the consent page, POST handles the answer and sends the browser back to the app. */
export function oauthRoutes(model: SlackModel, app: SlackApp, grants: Map<string, Grant>): Router {
  const router = Router();
  const pickable = (user: User, { id }: Team) => [
    ...model.channelsFor(user, id),
    ...directMessagesOf(model, user, id),
  ];

  const mayInstall = (team: Team) => !team.needsApproval || model.installations.get(team.id)?.active === true;

  router.get('/oauth/v2/authorize', (req, res) => {
    const query = new URL(req.url, 'http://slack').searchParams;
    const seen = look(query, res, signedIn(req));
    if (seen === undefined) return;
    const { request, team, user } = seen;
    const isApproved = mayInstall(team);
    const parameters = [...query].filter(([name]) => name !== 'as_team' && name !== 'as_user');
    res.send(
      consentPage({
        appName: app.name,
        scopes: request.scopes,
        team,
        teams: request.teamId === undefined ? [...model.teams.values()] : [team],
        user,
        users: installersOf(model, team.id),
        isApproved,
        channels: asksForWebhook(request) ? pickable(user, team) : undefined,
        parameters,
      }),
    );
  });

  router.post('/oauth/v2/authorize', express.text({ type: () => true }), (req: Request, res: Response) => {
    const form = new URLSearchParams(typeof req.body === 'string' ? req.body : '');
    const seen = look(form, res);
    if (seen === undefined) return;
    const { request, team, user } = seen;
    const isApproved = mayInstall(team);
    if (form.get('answer') === 'request') {
      model.approvalRequests.push({ teamId: team.id, userId: user.id });
      // Slack keeps the browser here: the app is not informed (slackapi/bolt-python#1081).
      res.send(approvalRequestedPage(app.name));
      return;
    }
    const back = new URL(request.redirectUri);
    if (form.get('answer') === 'allow' && isApproved) {
      const channel = pickable(user, team).find(({ id }) => id === form.get('channel'));
      if (asksForWebhook(request) && channel === undefined) {
        res.status(400).send(authorizeErrorPage('channel_not_found'));
        return;
      }
      const code = `${model.ids.digits(12)}.${model.ids.digits(12)}.${model.ids.secret(64)}`;
      grants.set(code, {
        code,
        scopes: request.scopes,
        redirectUri: request.redirectUri,
        redirectUriGiven: request.redirectUriGiven,
        teamId: team.id,
        userId: user.id,
        channelId: asksForWebhook(request) ? channel?.id : undefined,
        createdAt: model.clock(),
        used: false,
      });
      back.searchParams.set('code', code);
    } else {
      back.searchParams.set('error', 'access_denied');
      // No description unless the person declined (slackapi/bolt-python#1454).
      if (isApproved) back.searchParams.set('error_description', deniedByPerson);
    }
    if (request.state !== undefined) back.searchParams.set('state', request.state);
    res.redirect(302, back.href);
  });

  /** Answers by itself if something is wrong. @param usual the person if the form names none */
  function look(
    query: URLSearchParams,
    res: Response,
    usual?: string,
  ): { request: AuthorizeRequest; team: Team; user: User } | undefined {
    const request = readAuthorizeRequest(query, app);
    if (typeof request === 'string') {
      res.status(400).send(authorizeErrorPage(request));
      return undefined;
    }
    const home = usual === undefined ? undefined : model.users.get(usual)?.teamId;
    const team = model.teams.get(request.teamId ?? query.get('as_team') ?? home ?? model.team().id);
    const users = team === undefined ? [] : installersOf(model, team.id);
    const user = users.find(({ id }) => id === (query.get('as_user') ?? usual)) ?? users[0];
    if (team === undefined || team.disabled || user === undefined) {
      res.status(400).send(authorizeErrorPage('invalid_team_for_non_distributed_app'));
      return undefined;
    }
    return { request, team, user };
  }

  return router;
}

/** This Slack's pages set a cookie, which applies to every port of the host. */
function signedIn(req: Request): string | undefined {
  return /(?:^|; )local_slack_user=(\w+)/.exec(req.get('cookie') ?? '')?.[1];
}

function asksForWebhook(request: AuthorizeRequest): boolean {
  return request.scopes.includes('incoming-webhook');
}

/** Guests cannot install apps: https://slack.com/help/articles/202518103 */
export function installersOf(model: SlackModel, teamId: string): User[] {
  return model.usersOf(teamId).filter(({ isGuest }) => !isGuest);
}
