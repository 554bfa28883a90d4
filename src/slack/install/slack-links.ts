import { z } from 'zod';
import { type SlackLink, slackLinkSchema } from '../../channels/install-context.ts';
import type { Viewer } from '../../domain/permissions.ts';
import type { Clock } from '../../lib/clock.ts';
import { createSignedTokens, TokenError } from '../../lib/signed-tokens.ts';
import { deriveKey } from '../../store/keyring.ts';
import { toPageError } from './page-error.ts';

/** `isForwarded`: the link was made for somebody else, who agrees in Perly. */
type LinkRequest = Viewer & { requestId: string; isForwarded: boolean };

/** Each link works for one viewer. */
export type SlackLinks = {
  /** Connects a channel to the account that the workspace is linked to, or to one of several. */
  addChannel(viewer: Viewer, accountId?: string): Promise<string>;
  /** Moves a channel's alerts to another channel. @param channelId the `_id` of its document */
  move(viewer: Viewer, channelId: string): Promise<string>;
  reconnect(viewer: Viewer, channelId: string): Promise<string>;
  renew(link: SlackLink): Promise<string>;
  /** Valid for ten minutes, so create it at the click. */
  linkAccount(viewer: Viewer): Promise<string>;
  /** Link to forward to whoever may agree in Perly; the viewer confirms in Slack. Valid for a week. */
  forward(viewer: Viewer): Promise<string>;
  /** @throws PageError `link_expired` or `link_forged` */
  read(token: string): Promise<SlackLink>;
  /** @throws PageError `account_link_expired` or `account_link_forged` */
  readAccountLink(token: string): Promise<LinkRequest>;
};

/** A Home opened in the morning should work in the evening; opening it renews the links. Seconds. */
const linkLifetime = 24 * 60 * 60;

const accountLinkLifetime = 10 * 60;

export const sentLinkLifetime = 7 * 24 * 60 * 60;

const notValid = 'The link from Slack is not valid.';
const refuseLink = toPageError({ token_expired: 'link_expired', token_forged: 'link_forged' }, notValid);
const refuseAccountLink = toPageError(
  { token_expired: 'account_link_expired', token_forged: 'account_link_forged' },
  notValid,
);

export function createSlackLinks(parts: {
  secrets: readonly Buffer[];
  appUrl: string;
  paths: { install: string; linkAccount: string };
  clock: Pick<Clock, 'now'>;
}): SlackLinks {
  const { appUrl, paths, clock } = parts;
  const tokens = createSignedTokens({
    keys: parts.secrets.map((secret) => deriveKey(secret, 'links in Slack')),
    audience: 'slack-link',
    lifetime: linkLifetime,
    content: slackLinkSchema,
  });
  const accountTokens = createSignedTokens({
    keys: parts.secrets.map((secret) => deriveKey(secret, 'account links in Slack')),
    audience: 'slack-account-link',
    lifetime: accountLinkLifetime,
    content: z.object({ teamId: z.string(), userId: z.string() }),
  });
  const sentTokens = createSignedTokens({
    keys: parts.secrets.map((secret) => deriveKey(secret, 'account links to send on')),
    audience: 'slack-account-link-to-send',
    lifetime: sentLinkLifetime,
    content: z.object({ teamId: z.string(), userId: z.string() }),
  });
  const toUrl = async (path: string, link: SlackLink) =>
    `${appUrl}${path}?link=${await tokens.sign(link, clock.now())}`;

  return {
    addChannel: ({ teamId, userId }, accountId) =>
      toUrl(paths.install, { intent: 'add', teamId, userId, ...(accountId !== undefined && { accountId }) }),
    move: ({ teamId, userId }, channelId) =>
      toUrl(paths.install, { intent: 'move', teamId, userId, channelId }),
    reconnect: ({ teamId, userId }, channelId) =>
      toUrl(paths.install, { intent: 'reconnect', teamId, userId, channelId }),
    renew: (link) => toUrl(paths.install, link),
    linkAccount: async ({ teamId, userId }) =>
      `${appUrl}${paths.linkAccount}?link=${await accountTokens.sign({ teamId, userId }, clock.now())}`,
    forward: async ({ teamId, userId }) =>
      `${appUrl}${paths.linkAccount}?link=${await sentTokens.sign({ teamId, userId }, clock.now())}`,

    async read(token) {
      return (await tokens.verify(token, clock.now()).catch(refuseLink)).content;
    },

    async readAccountLink(token) {
      const now = clock.now();
      const sent = await sentTokens.verify(token, now).catch((error: unknown) => {
        if (error instanceof TokenError && error.code === 'token_forged') return undefined;
        return refuseAccountLink(error);
      });
      const verified = sent ?? (await accountTokens.verify(token, now).catch(refuseAccountLink));
      return { ...verified.content, requestId: verified.jti, isForwarded: sent !== undefined };
    },
  };
}
