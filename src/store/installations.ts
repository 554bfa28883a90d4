import type { Installation } from '@slack/oauth';
import type { Db } from 'mongodb';
import { deleteById } from './bulk.ts';
import { type Encrypted, isUndecryptable, type Keyring } from './keyring.ts';

export type RemovalReason =
  | 'app_uninstalled'
  | 'tokens_revoked'
  | 'account_inactive'
  | 'token_revoked'
  | 'invalid_auth';

export type InstallationDocument = {
  _id: string;
  teamId: string;
  teamName: string | null;
  enterpriseId: string | null;
  appId: string | null;
  installedBy: string;
  /** Absent while the workspace's data is being deleted. */
  bot?: {
    id: string;
    userId: string;
    scopes: string[];
    token: Encrypted;
    /** Absent for the token that came with the installation. */
    tokenSavedAt?: Date;
  };
  installedAt: Date;
  nextCheckAt?: Date;
  lastCheckedAt?: Date;
  /** `countedAt` is 1970 if no day was counted yet. Absent while the token works. */
  invalidAuth?: { days: number; countedAt: Date };
  removal?: { at: Date; reason: RemovalReason };
};

export type StartedRemoval = { teamId: string; at: Date };

/** `openToken` throws an AppError that `isUndecryptable`. */
export type InstalledBot = {
  installedAt: Date;
  tokenSavedAt: Date;
  botUserId: string;
  encryptedToken: Encrypted;
  openToken(): string;
};

type Bot = NonNullable<Installation['bot']>;

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

export function createInstallationStore(db: Db, keyring: Keyring) {
  const installations = db.collection<InstallationDocument>('installations');

  function toBot(teamId: string, bot: Bot, installedAt: Date) {
    const { id, userId, scopes } = bot;
    const token = keyring.encrypt(bot.token, tokenOwner({ _id: teamId, installedAt }));
    return { id, userId, scopes, token };
  }

  async function findBot(teamId: string): Promise<InstalledBot | undefined> {
    const found = await installations.findOne({ _id: teamId }, { projection: { installedAt: 1, bot: 1 } });
    if (found?.bot === undefined) return undefined;
    const { installedAt } = found;
    const { userId, token, tokenSavedAt = installedAt } = found.bot;
    return {
      installedAt,
      tokenSavedAt,
      botUserId: userId,
      encryptedToken: token,
      openToken: () => keyring.decrypt(token, tokenOwner(found)),
    };
  }

  return {
    /** Idempotent. `team` and `bot` are required. */
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
          bot: toBot(team.id, bot, now),
          installedAt: now,
          nextCheckAt,
        },
        { upsert: true },
      );
    },

    /**
     * Replaces the token if Slack has issued another one. The installation stays the same: an uninstall that is heard of
     * later still removes it, and one that was removed stays so.
     */
    async renewToken(teamId: string, bot: Bot, now: Date): Promise<void> {
      const installed = await findBot(teamId);
      if (installed === undefined || hasToken(installed, bot.token)) return;
      const { installedAt } = installed;
      await installations.updateOne(
        { _id: teamId, installedAt, bot: { $exists: true } },
        {
          $set: { bot: { ...toBot(teamId, bot, installedAt), tokenSavedAt: now } },
          $unset: { invalidAuth: '' },
        },
      );
    },

    async findAppId(): Promise<string | undefined> {
      const found = await installations.findOne({ appId: { $type: 'string' } }, { projection: { appId: 1 } });
      return found?.appId ?? undefined;
    },

    /** Returns `null` off Enterprise Grid, and `undefined` if the app is not installed. */
    async findEnterprise(teamId: string): Promise<string | null | undefined> {
      const found = await installations.findOne({ _id: teamId }, { projection: { enterpriseId: 1 } });
      return found === null ? undefined : found.enterpriseId;
    },

    async listOfEnterprise(enterpriseId: string, limit: number): Promise<string[]> {
      const filter = { enterpriseId, bot: { $exists: true } };
      const found = await installations.find(filter, { limit, projection: { _id: 1 } }).toArray();
      return found.map(({ _id }) => _id);
    },

    /** Returns `undefined` also while the installation is being deleted. */
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

    findBot,

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
     * @param bot identifies the installation, so that a newer one stays; where the reason is about the token, one with
     * a newer token stays too
     * @returns whether this call started the removal
     */
    async startRemoval(
      teamId: string,
      { installedAt, encryptedToken }: Pick<InstalledBot, 'installedAt' | 'encryptedToken'>,
      removal: { at: Date; reason: RemovalReason },
    ): Promise<boolean> {
      const ofToken = removal.reason === 'app_uninstalled' ? {} : { 'bot.token': encryptedToken };
      const { modifiedCount } = await installations.updateOne(
        { _id: teamId, installedAt, ...ofToken, removal: { $exists: false } },
        { $set: { removal }, $unset: unsetByRemoval },
      );
      return modifiedCount === 1;
    },

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

    async finishRemoval({ teamId, at }: StartedRemoval): Promise<void> {
      await deleteById(installations, { _id: teamId, 'removal.at': at });
    },
  };
}

function hasToken(bot: InstalledBot, token: string): boolean {
  try {
    return bot.openToken() === token;
  } catch (error) {
    if (isUndecryptable(error)) return false;
    throw error;
  }
}

export function tokenOwner({ _id, installedAt }: Pick<InstallationDocument, '_id' | 'installedAt'>): string {
  return `installation ${_id} of ${installedAt.toISOString()}`;
}
