import type { Installation } from '@slack/oauth';
import type { Db } from 'mongodb';
import type { Keyring, Sealed } from './keyring.ts';

/** What OAuth granted for a workspace. `_id` is the workspace's id. */
type InstallationDocument = {
  _id: string;
  teamId: string;
  teamName: string | null;
  enterpriseId: string | null;
  appId: string | null;
  installedBy: string;
  bot: { id: string; userId: string; scopes: string[]; token: Sealed };
  installedAt: Date;
  /** Set while what the workspace leaves behind is being deleted. */
  isLeaving?: boolean;
};

export type InstallationStore = ReturnType<typeof createInstallationStore>;

/** The collection `installations`: one document a workspace, its bot token encrypted. Webhooks are not kept here. */
export function createInstallationStore(db: Db, keyring: Keyring) {
  const installations = db.collection<InstallationDocument>('installations');

  return {
    /** Keeps the newest token of a workspace; doing it twice changes nothing. `team` and `bot` must be there. */
    async save(installation: Installation, now: Date): Promise<void> {
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
            token: keyring.seal(bot.token, tokenOwner(team.id)),
          },
          installedAt: now,
        },
        { upsert: true },
      );
    },

    /** The id of the Slack app; `undefined` while no workspace installed it. */
    async findAppId(): Promise<string | undefined> {
      const found = await installations.findOne({ appId: { $type: 'string' } }, { projection: { appId: 1 } });
      return found?.appId ?? undefined;
    },

    /** Begins to delete a workspace. @returns false when it is not installed, or was installed after `at` */
    async startLeaving(teamId: string, at: Date): Promise<boolean> {
      const filter = { _id: teamId, installedAt: { $lte: at } };
      return (await installations.updateOne(filter, { $set: { isLeaving: true } })).matchedCount === 1;
    },

    /** The workspaces of which something may be left. */
    async listLeaving(): Promise<string[]> {
      const found = await installations.find({ isLeaving: true }, { projection: { _id: 1 } }).toArray();
      return found.map(({ _id }) => _id);
    },

    /** Deletes the installation of a workspace that is gone, unless it came back meanwhile. */
    async removeLeaving(teamId: string): Promise<void> {
      await installations.deleteOne({ _id: teamId, isLeaving: true });
    },

    /** The installation of a workspace as Bolt wants it, or `undefined`. */
    async find(teamId: string): Promise<Installation<'v2', false> | undefined> {
      const found = await installations.findOne({ _id: teamId });
      if (found === null) return undefined;
      return {
        team: { id: found.teamId, ...(found.teamName !== null && { name: found.teamName }) },
        enterprise: found.enterpriseId === null ? undefined : { id: found.enterpriseId },
        user: { id: found.installedBy, token: undefined, scopes: undefined },
        bot: {
          id: found.bot.id,
          userId: found.bot.userId,
          scopes: found.bot.scopes,
          token: keyring.open(found.bot.token, tokenOwner(teamId)),
        },
        ...(found.appId !== null && { appId: found.appId }),
        tokenType: 'bot',
        isEnterpriseInstall: false,
        authVersion: 'v2',
      };
    },
  };
}

/** Whom a sealed bot token belongs to: see `Keyring`. */
export function tokenOwner(teamId: string): string {
  return `installation ${teamId}`;
}
