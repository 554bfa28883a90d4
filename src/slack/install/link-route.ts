import { randomUUID } from 'node:crypto';
import express, { type Request, type Router } from 'express';
import { z } from 'zod';
import { groupLinked, type Linking } from '../../channels/link.ts';
import type { LinkConfirmations } from '../../channels/link-confirmations.ts';
import type { FindHomeUrl } from '../../channels/unlink.ts';
import type { Clock } from '../../lib/clock.ts';
import type { PerlyToken, TokenCheck } from '../../lib/perly-token.ts';
import { createSignedTokens } from '../../lib/signed-tokens.ts';
import { hourMs } from '../../lib/time.ts';
import { distinguishAccount, distinguishWorkspace } from '../../messages/account-name.ts';
import { clean } from '../../messages/block-kit/clean.ts';
import { ConnectError } from '../../store/channels/connect-guard.ts';
import type { InstallationStore } from '../../store/installations.ts';
import { type LinkStore, linkKey } from '../../store/links.ts';
import type { UsedTokenStore } from '../../store/used-tokens.ts';
import { renderConfirmInSlack } from '../pages/render-confirm-in-slack.ts';
import { renderLinked } from '../pages/render-linked.ts';
import { sendPage } from '../pages/send-page.ts';
import type { SiteLinks } from '../pages/site-links.ts';
import type { BrowserPerson } from './browser-person.ts';
import { toAccountName, toPerlyUrl } from './install-context.ts';
import { PageError, toPageError } from './page-error.ts';
import { type SlackLinks, sentLinkLifetime } from './slack-links.ts';

export const linkPath = '/slack/link';

export const linkedPath = '/perly/link';

const linkStateSchema = z.object({
  team_id: z.string(),
  team_name: z.string().nullable(),
  user_id: z.string(),
  request_id: z.string(),
  /** Only the browser that came through OAuth proves a person; others confirm in Slack. */
  begun_in: z.enum(['browser', 'slack', 'sent_link']),
});

/** The state is signed with a secret of Perly's tokens; the audience keeps the two apart. */
const linkStateAudience = 'perly-slack-link-state';

type LinkState = z.infer<typeof linkStateSchema>;

/** The time to finish in Perly, including sign-in. Seconds. */
const linkStateLifetime = 10 * 60;

/** Longer than a link plus the state that it leads to can last. */
const rememberRequestMs = sentLinkLifetime * 1000 + hourMs;

const refuse = toPageError(
  {
    token_expired: 'link_state_expired',
    token_forged: 'link_token_invalid',
    token_invalid: 'link_token_invalid',
  },
  'The link from Perly is not valid.',
);

/**
 * Perly sends the browser back to `GET /perly/link` with the signed state and a token that names the account.
 * @param parts.keys the keys of PERLY_TOKEN_SECRETS, so that Perly can check the state
 */
export function linkRoute(parts: {
  keys: readonly Uint8Array[];
  slackLinks: Pick<SlackLinks, 'readAccountLink'>;
  browserPerson: Pick<BrowserPerson, 'read'>;
  checkToken: TokenCheck;
  linking: Pick<Linking, 'link'>;
  confirmations: Pick<LinkConfirmations, 'request' | 'find'>;
  links: Pick<LinkStore, 'listByTeam' | 'listByAccount'>;
  installations: Pick<InstallationStore, 'find'>;
  usedTokens: Pick<UsedTokenStore, 'begin' | 'finish'>;
  findHomeUrl: FindHomeUrl;
  perlyAppUrl: string;
  perlySettings: string;
  site: SiteLinks;
  clock: Pick<Clock, 'now'>;
}): Router {
  const { perlyAppUrl, clock, confirmations, usedTokens } = parts;
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
      throw new ConnectError('not_installed', 'The app is not installed in this workspace.');
    return { name: installation.team?.name ?? null };
  }

  /** Finds the person that a link in Slack was made for, or who came through OAuth in this browser. */
  async function findRequester(req: Request): Promise<Omit<LinkState, 'team_name'>> {
    const { link, team } = req.query;
    if (link !== undefined) {
      const { teamId, userId, requestId, isForwarded } = await parts.slackLinks.readAccountLink(String(link));
      const begun_in = isForwarded ? 'sent_link' : 'slack';
      return { team_id: teamId, user_id: userId, request_id: requestId, begun_in };
    }
    const person = await parts.browserPerson.read(req, String(team));
    if (person === undefined) throw new PageError('person_unknown', 'OAuth proved no person here lately.');
    return {
      team_id: person.teamId,
      user_id: person.userId,
      request_id: randomUUID(),
      begun_in: 'browser',
    };
  }

  async function check(token: string): Promise<{ fromPerly: PerlyToken; state: LinkState }> {
    const fromPerly = await parts.checkToken(token).catch(refuse);
    const { content } = await states.verify(String(fromPerly.claims.state), clock.now()).catch(refuse);
    return { fromPerly, state: content };
  }

  async function isProven(req: Request, state: LinkState): Promise<boolean> {
    if (state.begun_in !== 'browser') return false;
    return (await parts.browserPerson.read(req, state.team_id))?.userId === state.user_id;
  }

  router.get(linkPath, async (req, res) => {
    const requester = await findRequester(req);
    const { name } = await findTeam(requester.team_id);
    const teamName = clean(name ?? '') || null;
    const state = await states.sign({ ...requester, team_name: teamName }, clock.now());
    res.set('Cache-Control', 'no-store');
    res.redirect(302, `${parts.perlySettings}/link?state=${state}`);
  });

  router.get(linkedPath, async (req, res) => {
    const { fromPerly, state } = await check(String(req.query.token));
    const { accountId, issuedAt, claims } = fromPerly;
    const { team_id: teamId, user_id: userId, request_id: requestId } = state;
    const { name: teamName } = await findTeam(teamId);
    const account = { accountId, accountName: toAccountName(claims.name) ?? null };
    const linked = await parts.links.listByTeam(teamId);
    const shown = {
      teamName: distinguishWorkspace({ teamId, teamName }, await parts.links.listByAccount(accountId)),
      accountName: distinguishAccount(account, linked).accountName ?? accountId,
      perlyUrl: toPerlyUrl(claims.return_url, perlyAppUrl) ?? parts.perlySettings,
      homeUrl: await parts.findHomeUrl(teamId),
      isForwarded: state.begun_in === 'sent_link',
      site: parts.site,
    };

    const isLinked = async () =>
      (await parts.links.listByTeam(teamId)).some((link) => link.accountId === accountId);
    const showLinkedAlready = () => sendPage(res, renderLinked({ ...shown, names: undefined }));

    const rememberUntil = new Date(clock.now().getTime() + rememberRequestMs);
    // Linking is repeatable until it is finished: the process may die, or the database be away.
    if (!(await usedTokens.begin('link', requestId, rememberUntil, linkKey(teamId, accountId)))) {
      // If the page is reloaded, it shows the same again.
      const asked = await confirmations.find({ teamId, userId });
      if (asked?.requestId === requestId && asked.accountId === accountId)
        return sendPage(res, renderConfirmInSlack(shown));
      if (!(await isLinked())) throw new PageError('link_used', 'The state was used before.');
      return showLinkedAlready();
    }

    // The same kind as for connecting a channel: a token does one of the two, once.
    if (!(await usedTokens.begin('connect', fromPerly.id, rememberUntil, requestId)))
      throw new ConnectError('token_used', 'The token was used before.');
    const finish = async () => {
      await usedTokens.finish('connect', fromPerly.id);
      await usedTokens.finish('link', requestId);
    };
    if (!(await isProven(req, state))) {
      await confirmations.request({
        teamId,
        teamName,
        userId,
        requestId,
        ...account,
        tokenIssuedAt: issuedAt,
        isForwarded: shown.isForwarded,
      });
      await finish();
      return sendPage(res, renderConfirmInSlack(shown));
    }
    const linkedAt = clock.now();
    const channels = await parts.linking.link(
      { teamId, teamName, ...account, linkedBy: userId, linkedAt },
      issuedAt,
    );
    await finish();
    if (channels.length > 0) {
      const names = groupLinked(channels, linkedAt, ({ name }) => name);
      return sendPage(res, renderLinked({ ...shown, names }));
    }
    if (!(await isLinked())) throw new PageError('nothing_waits', 'No channel of the person waits.');
    showLinkedAlready();
  });
  return router;
}
