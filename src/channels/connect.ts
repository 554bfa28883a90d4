import { mayManage } from '../domain/permissions.ts';
import { type Clock, later } from '../lib/clock.ts';
import { hourMs } from '../lib/time.ts';
import type { Actor } from '../store/audit.ts';
import { ConnectError, connectRefusal, servesAnother } from '../store/channels/connect-guard.ts';
import { type Channel, type ChannelConnection, needsReconnect } from '../store/channels/document.ts';
import { type ChannelStore, channelKey } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { LinkStore } from '../store/links.ts';
import { tenancyOf } from '../store/tenancy.ts';
import type { UsedTokenStore } from '../store/used-tokens.ts';
import type { AccountRemoval } from './account-removal.ts';
import type { InstallContext, SlackLink } from './install-context.ts';
import type { ChannelMover } from './move.ts';
import type { OutboxRelay } from './outbox-relay.ts';
import type { TenancyCleanup } from './tenancy-cleanup.ts';
import type { WorkspaceRemoval } from './uninstall.ts';
import type { Unlinking } from './unlink.ts';

export type Picked = Omit<ChannelConnection, 'accountId'>;

/** `again`: the channel was connected before and kept its rules. */
export type Connected = { channel: Channel; again: boolean; movedFrom?: string };

export type Connections = ReturnType<typeof createConnections>;

/** Longer than one of Perly's tokens plus the install that it starts can last. */
const rememberTokenMs = hourMs;

export function createConnections(parts: {
  channels: ChannelStore;
  links: Pick<LinkStore, 'listByTeam'>;
  usedTokens: Pick<UsedTokenStore, 'use'>;
  deliveries: Pick<DeliveryStore, 'retryNow'>;
  tenancyCleanup: Pick<TenancyCleanup, 'recover'>;
  mover: Pick<ChannelMover, 'move' | 'continueMove'>;
  unlinking: Unlinking;
  accounts: Pick<AccountRemoval, 'unlessDeleted'>;
  finishWithoutInstallation: WorkspaceRemoval['finishWithoutInstallation'];
  publish: OutboxRelay['publish'];
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, links, mover, unlinking, publish, clock } = parts;

  /** Returns the account for the channel, if the workspace is linked to it; `null` if it waits for one. */
  async function accountOf(link: SlackLink): Promise<string | null> {
    const linked = (await links.listByTeam(link.teamId)).map(({ accountId }) => accountId);
    if (link.intent === 'add' && link.accountId === undefined)
      return linked.length === 1 ? (linked[0] ?? null) : null;
    const wanted = link.intent === 'add' ? link.accountId : (await channels.find(link.channelId))?.accountId;
    return linked.find((accountId) => accountId === wanted) ?? null;
  }

  /** The channel's managers may have changed since the link was shown. */
  async function assertLinkAllowed(link: SlackLink): Promise<void> {
    if (link.intent !== 'move' && link.intent !== 'reconnect') return;
    const channel = await channels.find(link.channelId);
    if (channel === undefined || channel.status === 'disconnected' || mayManage(channel, link)) return;
    throw connectRefusal(channel.accountId, null);
  }

  async function connect(connection: ChannelConnection, actor: Actor, byAccount = false): Promise<Connected> {
    const { channel, again } = await channels.connect(connection, clock.now(), { actor, byAccount });
    const tenancy = tenancyOf(channel);
    if (again && tenancy !== undefined) await parts.deliveries.retryNow(tenancy, clock.now());
    return { channel: await publish(channel), again };
  }

  async function connectFromPerly(
    connection: Picked,
    { accountId, accountName, tokenId }: InstallContext & { from: 'perly' },
    actor: Actor & { kind: 'user' },
  ): Promise<Connected & { undo: () => Promise<void> }> {
    if (!(await parts.usedTokens.use('connect', tokenId, later(clock, rememberTokenMs))))
      throw new ConnectError('token_used', 'The token has connected a channel already.');
    const { teamId, teamName } = connection;
    const id = channelKey(teamId, connection.slackChannelId);
    const name = accountName ?? null;
    const link = {
      teamId,
      teamName,
      accountId,
      accountName: name,
      linkedBy: actor.userId,
      linkedAt: clock.now(),
    };
    const servedBefore = (await channels.find(id))?.accountId === accountId;
    // The link is saved first: a channel that serves an account without a link counts as unlinked.
    const isNew = await unlinking.saveLink(link, id);
    try {
      const done = await connect({ ...connection, accountId }, actor, true);
      await unlinking.followUnlink(link, [id], actor);
      const channel = (await channels.find(id)) ?? done.channel;
      return { ...done, channel, undo };
    } finally {
      // The connection was refused, or the channel was unlinked or disconnected at the same time.
      if (isNew) await unlinking.removeUnused(link);
    }

    async function undo(): Promise<void> {
      if (!servedBefore) await unlinking.unlinkChannels(teamId, accountId, actor, { ids: [id] });
      if (isNew) await unlinking.removeUnused(link);
    }
  }

  async function addChannel(
    target: ChannelConnection & { accountId: string },
    actor: Actor,
  ): Promise<Connected> {
    const { teamId, accountId } = target;
    const id = channelKey(teamId, target.slackChannelId);
    const done = await parts.accounts.unlessDeleted(
      accountId,
      undefined,
      () => connect(target, actor),
      () => unlinking.unlinkChannels(teamId, accountId, actor, { ids: [id] }),
    );
    // The account may have been unlinked since the link was read.
    if (await unlinking.followUnlink(target, [id], actor)) return done;
    return { ...done, channel: (await channels.find(id)) ?? done.channel };
  }

  /** A channel whose id changed in Slack, or that was made again, is another channel there. */
  async function isMove(link: SlackLink, pickedId: string): Promise<boolean> {
    if (link.intent !== 'reconnect') return link.intent === 'move';
    const [wanted, picked] = await Promise.all([channels.find(link.channelId), channels.find(pickedId)]);
    return needsReconnect(wanted) && !needsReconnect(picked);
  }

  async function connectFromSlack(connection: Picked, link: SlackLink, actor: Actor): Promise<Connected> {
    const id = channelKey(connection.teamId, connection.slackChannelId);
    if (link.intent !== 'add') {
      if (link.channelId === id) return connect({ ...connection, accountId: null }, actor);
      if (await mover.continueMove(link.channelId, id))
        return { ...(await connect({ ...connection, accountId: null }, actor)), movedFrom: link.channelId };
      if (await isMove(link, id)) {
        const moved = await mover.move({ ...connection, accountId: null }, link.channelId);
        // The source may have been unlinked at the same time.
        const channel = (await channels.find(moved._id)) ?? moved;
        return { channel, again: true, movedFrom: link.channelId };
      }
    }
    const accountId = await accountOf(link);
    if (accountId === null) return connect({ ...connection, accountId }, actor);
    return addChannel({ ...connection, accountId }, actor);
  }

  return {
    /** `connect` checks the same again as it writes. @throws ConnectError */
    async assertAllowed(picked: Picked, context: InstallContext | undefined): Promise<void> {
      if (context?.from === 'slack') await assertLinkAllowed(context.link);
      const _id = channelKey(picked.teamId, picked.slackChannelId);
      // A half-done move can be continued only here: `connect` runs while sending is paused.
      await parts.tenancyCleanup.recover({ _id });
      const channel = await channels.find(_id);
      if (channel === undefined || channel.status === 'disconnected') return;
      const accountId = context?.from === 'perly' ? context.accountId : null;
      const isByAccount = accountId !== null && channel.accountId === accountId;
      const isManager = mayManage(channel, { teamId: picked.teamId, userId: picked.connectedBy });
      if (servesAnother(channel.accountId, accountId) || !(isByAccount || isManager))
        throw connectRefusal(channel.accountId, accountId);
    },

    /**
     * @param context `undefined` for an install from the App Directory: the channel waits for an account
     * @throws ConnectError: nothing was changed, or with `not_installed` the connection was undone
     */
    async connect(connection: Picked, context: InstallContext | undefined): Promise<Connected> {
      const connected = await connectAsWanted(connection, context);
      if (!(await parts.finishWithoutInstallation(connection.teamId))) return connected;
      throw new ConnectError('not_installed', 'The workspace removed the app at the same time.');
    },
  };

  async function connectAsWanted(
    connection: Picked,
    context: InstallContext | undefined,
  ): Promise<Connected> {
    const actor = { kind: 'user', teamId: connection.teamId, userId: connection.connectedBy } as const;
    // Ends what an earlier account left there before the channel serves another one.
    await parts.tenancyCleanup.recover({ _id: channelKey(connection.teamId, connection.slackChannelId) });
    if (context === undefined) return connect({ ...connection, accountId: null }, actor);
    if (context.from === 'perly') {
      const issuedAt = new Date(context.tokenIssuedAt);
      const { undo: _undo, ...done } = await parts.accounts.unlessDeleted(
        context.accountId,
        issuedAt,
        () => connectFromPerly(connection, context, actor),
        ({ undo }) => undo(),
      );
      return done;
    }
    await assertLinkAllowed(context.link);
    return connectFromSlack(connection, context.link, actor);
  }
}
