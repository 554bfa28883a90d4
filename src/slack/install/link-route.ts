import express, { type Router } from 'express';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { Linking } from '../../delivery/linking.ts';
import { AppError } from '../../errors.ts';
import type { PerlyToken, TokenCheck } from '../../perly/token.ts';
import { createSignedTokens } from '../../signed-token.ts';
import type { InstallationStore } from '../../store/installations.ts';
import type { LinkStore } from '../../store/links.ts';
import type { UsedTokenStore } from '../../store/used-tokens.ts';
import { renderLinked } from '../pages/render-linked.ts';
import { sendPage } from '../pages/send-page.ts';
import { toAccountName, toPerlyUrl } from './install-context.ts';
import type { SlackLinks } from './slack-links.ts';

/** Where linking begins, for a link in Slack or on a page of ours. */
export const linkPath = '/slack/link';

/** Where Perly sends the browser back to. */
export const linkedPath = '/perly/link';

/** What Perly gets to see and gives back: which workspace asks, and who there. */
const linkStateSchema = z.object({
  team_id: z.string(),
  team_name: z.string().nullable(),
  user_id: z.string(),
});

/** The app signs the state with a secret of Perly's tokens: this tells it from every one of them. */
const linkStateAudience = 'perly-slack-link-state';

/** How long a person may take in Perly, signing in included. Seconds. */
const linkStateLifetime = 30 * 60;

const codes: Record<string, string> = {
  token_expired: 'link_state_expired',
  token_forged: 'link_token_invalid',
  token_invalid: 'link_token_invalid',
};

/**
 * Links a workspace to a Perly account: `GET /slack/link` leads to Perly with a signed state, and Perly sends the
 * browser back to `GET /perly/link` with a token that names the account and carries the state. A state works once.
 *
 * @param parts.keys of PERLY_TOKEN_SECRETS, the newest first, so that Perly can check the state
 */
export function linkRoute(parts: {
  keys: readonly Uint8Array[];
  slackLinks: Pick<SlackLinks, 'read'>;
  checkToken: TokenCheck;
  linking: Pick<Linking, 'link'>;
  links: Pick<LinkStore, 'listByTeam'>;
  installations: Pick<InstallationStore, 'find'>;
  usedTokens: Pick<UsedTokenStore, 'use'>;
  perlyAppUrl: string;
  /** Perly's own page for Slack. */
  perlySettings: string;
  clock: Pick<Clock, 'now'>;
}): Router {
  const { perlyAppUrl, clock } = parts;
  const router = express.Router();
  const states = createSignedTokens({
    keys: parts.keys,
    audience: linkStateAudience,
    lifetime: linkStateLifetime,
    content: linkStateSchema,
  });

  async function findTeam(teamId: string): Promise<{ name: string | null }> {
    const installation = await parts.installations.find(teamId);
    if (installation === undefined)
      throw new AppError('not_installed', 'The app is not installed in this workspace.');
    return { name: installation.team?.name ?? null };
  }

  async function check(token: string) {
    try {
      const fromPerly = await parts.checkToken(token);
      return { fromPerly, state: await states.verify(String(fromPerly.claims.state), clock.now()) };
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      throw new AppError(codes[cause.code] ?? cause.code, 'The link from Perly is not valid.', { cause });
    }
  }

  /** A state that was used is no fault if the same was done with it: a page is loaded twice soon enough. */
  async function isDoneAlready(teamId: string, accountId: string): Promise<boolean> {
    return (await parts.links.listByTeam(teamId)).some((link) => link.accountId === accountId);
  }

  async function link({ accountId, claims }: PerlyToken, state: z.infer<typeof linkStateSchema>) {
    const channels = await parts.linking.link({
      teamId: state.team_id,
      teamName: (await findTeam(state.team_id)).name,
      accountId,
      accountName: toAccountName(claims.name) ?? null,
      linkedBy: state.user_id,
      linkedAt: clock.now(),
    });
    return channels.map(({ name }) => name);
  }

  router.get(linkPath, async (req, res) => {
    const { teamId, userId } = await parts.slackLinks.read(String(req.query.link));
    const { name } = await findTeam(teamId);
    const state = await states.sign({ team_id: teamId, team_name: name, user_id: userId }, clock.now());
    res.set('Cache-Control', 'no-store');
    res.redirect(302, `${parts.perlySettings}/link?state=${state}`);
  });

  router.get(linkedPath, async (req, res) => {
    const { fromPerly, state } = await check(String(req.query.token));
    const { team_id: teamId, team_name: teamName } = state.content;
    await findTeam(teamId);
    const expiresAt = new Date(clock.now().getTime() + linkStateLifetime * 1000);
    const isFirst = await parts.usedTokens.use('link', state.jti, expiresAt);
    if (!isFirst && !(await isDoneAlready(teamId, fromPerly.accountId)))
      throw new AppError('link_used', 'The state was used before.');
    // The same name as where a channel is connected: a token does one of the two, once.
    if (isFirst && !(await parts.usedTokens.use('connect', fromPerly.id, expiresAt)))
      throw new AppError('token_used', 'The token was used before.');
    sendPage(
      res,
      renderLinked({
        teamName: teamName ?? '',
        accountName: toAccountName(fromPerly.claims.name) ?? '',
        channelNames: isFirst ? await link(fromPerly, state.content) : undefined,
        perlyUrl: toPerlyUrl(fromPerly.claims.return_url, perlyAppUrl) ?? parts.perlySettings,
        slackUrl: `https://slack.com/app_redirect?${new URLSearchParams({ team: teamId })}`,
      }),
    );
  });
  return router;
}
