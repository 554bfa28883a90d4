import type { CallbackOptions, Installation } from '@slack/oauth';
import type { Logger } from 'pino';
import type { Connections, Picked } from '../../channels/connect.ts';
import type { InstallContext } from '../../channels/install-context.ts';
import type { ChannelNotices } from '../../channels/notices.ts';
import { isPaused } from '../../domain/decide.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { distinguishAccount, type NamedAccount } from '../../messages/account-name.ts';
import { buildWelcomeMessage } from '../../messages/channel-messages.ts';
import type { Channel } from '../../store/channels/document.ts';
import { channelKey } from '../../store/channels/store.ts';
import { renderConnected } from '../pages/render-connected.ts';
import { type NavigationLinks, renderProblem } from '../pages/render-problem.ts';
import { sendPage } from '../pages/send-page.ts';
import type { SlackUrls } from '../slack-urls.ts';
import type { BrowserPerson } from './browser-person.ts';
import { fromMetadata } from './install-context.ts';
import { PageError } from './page-error.ts';
import type { SlackLinks } from './slack-links.ts';
import { toConnection } from './to-connection.ts';
import { isUserError, toPageProblem } from './to-problem.ts';

type Answer = {
  installation: Installation;
  context: InstallContext | undefined;
  res: Parameters<typeof sendPage>[0];
};

/** After Allow, connects the channel, posts its first message and shows the result. */
export function createCallback(parts: {
  webhookOrigins: readonly string[];
  perlyAppUrl: string;
  navigation: NavigationLinks;
  findNavigation: () => Promise<NavigationLinks>;
  slackUrls: SlackUrls;
  links: Pick<SlackLinks, 'renew' | 'forward'>;
  connections: Pick<Connections, 'assertAllowed' | 'connect'>;
  /** For an install that is refused, of which nothing else is stored. */
  renewToken: (teamId: string, bot: NonNullable<Installation['bot']>) => Promise<void>;
  browserPerson: Pick<BrowserPerson, 'remember'>;
  /** Where linking starts, for the browser that came through OAuth. */
  toLinkUrl: (teamId: string) => string;
  notices: ChannelNotices;
  /** Runs `work` while no alerts are sent to the channel. */
  withSendingPaused: <T>(channelId: string, work: () => Promise<T>) => Promise<T>;
  listAccounts: (teamId: string) => Promise<readonly NamedAccount[]>;
  countMissed: (channel: Channel) => Promise<number>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}): CallbackOptions {
  const { logger, perlyAppUrl } = parts;

  async function findAccount({ teamId, accountId }: Channel): Promise<NamedAccount | undefined> {
    if (accountId === null) return undefined;
    const linked = await parts.listAccounts(teamId);
    const own = linked.find((account) => account.accountId === accountId);
    return distinguishAccount(own ?? { accountId, accountName: null }, linked);
  }

  function homeUrlOf({ appId }: Installation, teamId: string | undefined): string | undefined {
    return appId === undefined ? undefined : parts.slackUrls.home(appId, teamId);
  }

  async function connect(picked: Picked, context: InstallContext | undefined, homeUrl: string | undefined) {
    const { channel, again, movedFrom } = await parts.connections.connect(picked, context);
    logger.info(
      { channelId: channel._id, accountId: channel.accountId, again, movedFrom },
      'channel connected',
    );
    const account = await findAccount(channel);
    const shared = channel.externalSeenAt !== undefined;
    const paused = isPaused(channel, parts.clock.now());
    const message = buildWelcomeMessage({
      userId: picked.connectedBy,
      perlyAppUrl,
      homeUrl,
      account,
      isShared: shared,
      isPaused: paused,
    });
    const welcome = await parts.notices.post(channel._id, channel.accountId, message);
    const isMoved = movedFrom !== undefined;
    return {
      channel,
      account,
      reconnected: again && !isMoved,
      moved: isMoved,
      shared,
      paused,
      welcomed: welcome.kind === 'posted',
      ...(welcome.kind === 'refused' && { refusal: welcome.reason }),
      missed: await parts.countMissed(channel),
    };
  }

  /** With each Allow, Slack may issue another token, which ends the one before. Does not throw. */
  async function renewToken({ team, bot, isEnterpriseInstall }: Installation): Promise<void> {
    if (team === undefined || bot === undefined || isEnterpriseInstall === true) return;
    try {
      await parts.renewToken(team.id, bot);
    } catch (err) {
      logger.error({ err, teamId: team.id }, 'storing the bot token of a refused install failed');
    }
  }

  /** Perly's link works once, so Perly has to make another. */
  async function findRetryLink({ installation, context }: Answer): Promise<Partial<NavigationLinks>> {
    if (context === undefined) return {};
    if (context.from === 'slack') {
      const isTheirs = context.link.userId === installation.user.id;
      return isTheirs ? { installUrl: await parts.links.renew(context.link) } : {};
    }
    const perlyUrl = context.returnUrl ?? parts.navigation.perlyUrl;
    return { installUrl: undefined, perlyUrl };
  }

  /** Shows errors that the person can fix; `failureAsync` handles others. @returns false if there was one */
  async function tryOrExplain(answer: Answer, work: () => Promise<void>): Promise<boolean> {
    const { installation, context, res } = answer;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof AppError) || !isUserError(error)) throw error;
      logger.info({ code: error.code }, 'install refused');
      const teamId = context?.from === 'slack' ? context.link.teamId : installation.team?.id;
      const navigation = {
        ...parts.navigation,
        homeUrl: homeUrlOf(installation, teamId),
        removeUrl: parts.slackUrls.toOwnPage(installation.incomingWebhook?.configurationUrl),
        ...(error.code === 'direct_message_picked' && (await findRetryLink(answer))),
      };
      sendPage(res, renderProblem(toPageProblem(error), navigation));
      return false;
    }
  }

  async function finish({ installation, context, res }: Answer): Promise<void> {
    const picked = toConnection(installation, parts.webhookOrigins, parts.slackUrls);
    const homeUrl = homeUrlOf(installation, picked.teamId);
    const channelId = channelKey(picked.teamId, picked.slackChannelId);
    const connected = await parts.withSendingPaused(channelId, () => connect(picked, context, homeUrl));
    const { channel, account, ...done } = connected;
    const person = { teamId: picked.teamId, userId: picked.connectedBy };
    if (account === undefined) await parts.browserPerson.remember(res, person);
    sendPage(
      res,
      renderConnected({
        ...done,
        channelName: channel.name,
        teamName: channel.teamName ?? '',
        ...(account === undefined
          ? { sentUrl: await parts.links.forward(person) }
          : { accountName: account.accountName ?? account.accountId }),
        perlyUrl: (context?.from === 'perly' ? context.returnUrl : undefined) ?? perlyAppUrl,
        linkUrl: parts.toLinkUrl(picked.teamId),
        slackUrl: parts.slackUrls.channel(channel.teamId, channel.slackChannelId),
        homeUrl,
        site: parts.navigation.site,
      }),
    );
  }

  return {
    // This refuses what could not be connected, before anything is stored.
    afterInstallation(installation, options, _req, res) {
      const context = fromMetadata(options.metadata);
      return tryOrExplain({ installation, context, res }, async () => {
        try {
          const picked = toConnection(installation, parts.webhookOrigins, parts.slackUrls);
          assertViewer(context, installation);
          await parts.connections.assertAllowed(picked, context);
        } catch (error) {
          await renewToken(installation);
          throw error;
        }
      });
    },

    async successAsync(installation, options, _req, res) {
      const answer = { installation, context: fromMetadata(options.metadata), res };
      await tryOrExplain(answer, () => finish(answer));
    },

    async failureAsync(error, _options, req, res) {
      sendPage(res, renderProblem(toPageProblem(error, req.url), await parts.findNavigation()));
    },
  };
}

/** Refuses a link in another workspace than its viewer's, or for anybody else. @throws PageError */
function assertViewer(context: InstallContext | undefined, { team, user }: Installation): void {
  if (context?.from !== 'slack') return;
  if (team?.id !== context.link.teamId)
    throw new PageError('other_workspace', 'The link is for another workspace.');
  if (user.id !== context.link.userId) throw new PageError('other_user', 'The link is for another person.');
}
