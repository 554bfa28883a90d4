import type { Installation } from '@slack/oauth';
import type { Db } from 'mongodb';
import { deleteById } from './bulk.ts';
import type { Encrypted, Keyring } from './keyring.ts';

/** How it became known that a workspace removed the app: an event of Slack's, or its answer to a call. */
export type RemovalReason =
  | 'app_uninstalled'
  | 'tokens_revoked'
  | 'account_inactive'
  | 'token_revoked'
  | 'invalid_auth';

/** What OAuth granted for a workspace. `_id` is the workspace's id. */
export type InstallationDocument = {
  _id: string;
  teamId: string;
  teamName: string | null;
  enterpriseId: string | null;
  appId: string | null;
  installedBy: string;
  /** None while what the workspace leaves behind is being deleted. */
  bot?: { id: string; userId: string; scopes: string[]; token: Encrypted };
  installedAt: Date;
  /** When Slack is asked next whether the token still works. */
  nextCheckAt?: Date;
  /** When Slack last said whether the token works. */
  lastCheckedAt?: Date;
  /**
   * On how many days Slack has answered `invalid_auth` since the token last worked or the days were last set back, and when
   * that was or one was counted (1970: none yet). Absent while the token works.
   */
  invalidAuth?: { days: number; countedAt: Date };
  /** Set while what the workspace leaves behind is being deleted. */
  removal?: { at: Date; reason: RemovalReason };
};

/** A workspace whose data is being deleted since `at`. */
export type StartedRemoval = { teamId: string; at: Date };

/**
 * An installation as it was at one instant.
 *
 * `openToken` throws an AppError that `isUndecryptable`.
 */
export type InstalledBot = { installedAt: Date; botUserId: string; openToken(): string };

export type InstallationStore = ReturnType<typeof createInstallationStore>;

const unsetByRemoval = {
  bot: '',
  nextCheckAt: '',
  lastCheckedAt: '',
  invalidAuth: '',
  installedBy: '',
  teamName: '',
} as const;

const isRemoved = { 'removal.at': { $type: 'date' } } as const;

/** The collection `installations`: one document a workspace, its bot token encrypted. Webhooks are not kept here. */
export function createInstallationStore(db: Db, keyring: Keyring) {
  const installations = db.collection<InstallationDocument>('installations');

  return {
    /**
     * Keeps the newest token of a workspace; doing it twice changes nothing. `team` and `bot` must be there.
     *
     * @param now by Slack's clock, which is the machine's
     * @param nextCheckAt when the token is checked first
     */
    async save(installation: Installation, now: Date, nextCheckAt: Date): Promise<void> {
      const { team, bot } = installation;
      if (team === undefined || bot === undefined)
        throw new TypeError('An installation without a team or bot.');
      await installations.replaceOne(
        { _id: team.id },
        {
          teamId: team.id,
          teamName: team.name ?? null,
          enterpriseId: installation.enterprise?.id ?? null,
          appId: installation.appId ?? null,
          installedBy: installation.user.id,
          bot: {
            id: bot.id,
            userId: bot.userId,
            scopes: bot.scopes,
            token: keyring.encrypt(bot.token, tokenOwner({ _id: team.id, installedAt: now })),
          },
          installedAt: now,
          nextCheckAt,
        },
        { upsert: true },
      );
    },

    /** The id of the Slack app; `undefined` while no workspace installed it. */
    async findAppId(): Promise<string | undefined> {
      const found = await installations.findOne({ appId: { $type: 'string' } }, { projection: { appId: 1 } });
      return found?.appId ?? undefined;
    },

    /** The organisation of a workspace with the app: `null` off Enterprise Grid, `undefined` without the app. */
    async findEnterprise(teamId: string): Promise<string | null | undefined> {
      const found = await installations.findOne({ _id: teamId }, { projection: { enterpriseId: 1 } });
      return found === null ? undefined : found.enterpriseId;
    },

    /** Workspaces of an organisation that have the app. */
    async listOfEnterprise(enterpriseId: string, limit: number): Promise<string[]> {
      const filter = { enterpriseId, bot: { $exists: true } };
      const found = await installations.find(filter, { limit, projection: { _id: 1 } }).toArray();
      return found.map(({ _id }) => _id);
    },

    /** The installation of a workspace as Bolt wants it; `undefined` where there is none, or it is being deleted. */
    async find(teamId: string): Promise<Installation<'v2', false> | undefined> {
      const found = await installations.findOne({ _id: teamId });
      if (found?.bot === undefined) return undefined;
      return {
        team: { id: found.teamId, ...(found.teamName !== null && { name: found.teamName }) },
        enterprise: found.enterpriseId === null ? undefined : { id: found.enterpriseId },
        user: { id: found.installedBy, token: undefined, scopes: undefined },
        bot: {
          id: found.bot.id,
          userId: found.bot.userId,
          scopes: found.bot.scopes,
          token: keyring.decrypt(found.bot.token, tokenOwner(found)),
        },
        ...(found.appId !== null && { appId: found.appId }),
        tokenType: 'bot',
        isEnterpriseInstall: false,
        authVersion: 'v2',
      };
    },

    /** Since when a workspace has the app, and as whom; `undefined` where it has not. */
    async findBot(teamId: string): Promise<InstalledBot | undefined> {
      const found = await installations.findOne({ _id: teamId }, { projection: { installedAt: 1, bot: 1 } });
      if (found?.bot === undefined) return undefined;
      const { userId, token } = found.bot;
      return {
        installedAt: found.installedAt,
        botUserId: userId,
        openToken: () => keyring.decrypt(token, tokenOwner(found)),
      };
    },

    /** Workspaces whose tokens worked when Slack was last asked, the one asked last first. */
    async listVerified(limit: number): Promise<string[]> {
      const found = await installations
        .find(
          { bot: { $exists: true }, invalidAuth: { $exists: false } },
          { sort: { lastCheckedAt: -1 }, limit, projection: { _id: 1 } },
        )
        .toArray();
      return found.map(({ _id }) => _id);
    },

    /**
     * Begins to delete a workspace: its token is gone with this one write.
     *
     * @param installedAt tells the installation that is meant from a newer one, which stays
     * @returns whether it was begun here
     */
    async startRemoval(
      teamId: string,
      installedAt: Date,
      removal: { at: Date; reason: RemovalReason },
    ): Promise<boolean> {
      const { modifiedCount } = await installations.updateOne(
        { _id: teamId, installedAt, removal: { $exists: false } },
        { $set: { removal }, $unset: unsetByRemoval },
      );
      return modifiedCount === 1;
    },

    /** The workspaces of which something may be left: all, or this one. */
    async listRemovals(teamId?: string): Promise<StartedRemoval[]> {
      const found = await installations
        .find(
          { ...isRemoved, ...(teamId !== undefined && { _id: teamId }) },
          { projection: { 'removal.at': 1 } },
        )
        .toArray();
      return found.flatMap(({ _id, removal }) =>
        removal === undefined ? [] : [{ teamId: _id, at: removal.at }],
      );
    },

    /** Deletes the installation of a workspace that is gone, unless it came back meanwhile. */
    async finishRemoval({ teamId, at }: StartedRemoval): Promise<void> {
      await deleteById(installations, { _id: teamId, 'removal.at': at });
    },
  };
}

/** Whom a sealed bot token belongs to: see `Keyring`. One of an earlier installation does not open. */
export function tokenOwner({ _id, installedAt }: Pick<InstallationDocument, '_id' | 'installedAt'>): string {
  return `installation ${_id} of ${installedAt.toISOString()}`;
}
