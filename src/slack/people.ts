import type { ChannelStore } from '../store/channels.ts';
import type { HomeViewerStore } from '../store/home-viewers.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { Viewer } from './install/slack-links.ts';
import { isInsider } from './is-insider.ts';

/** Who did something, as an interaction says. */
export type Person = {
  team?: { id: string; enterprise_id?: string } | null;
  user: { id: string; team_id?: string };
};

export type People = ReturnType<typeof createPeople>;

/** Tells the people of a workspace from those of other organisations. */
export function createPeople({
  installations,
  viewers,
  channels,
}: {
  installations: Pick<InstallationStore, 'findEnterprise'>;
  viewers: Pick<HomeViewerStore, 'find'>;
  channels: Pick<ChannelStore, 'hasManager'>;
}) {
  async function isKnown(teamId: string, userId: string): Promise<boolean> {
    if ((await viewers.find(teamId, userId)) !== undefined) return true;
    return channels.hasManager(teamId, userId);
  }

  async function findInsider(
    teamId: string,
    { team, user }: Person,
    knows: () => Promise<boolean>,
  ): Promise<Viewer | undefined> {
    const viewer = { teamId, userId: user.id };
    const homeId = user.team_id;
    if (homeId === teamId) return viewer;
    const [stored, homeEnterpriseId, known] = await Promise.all([
      installations.findEnterprise(teamId),
      homeId === undefined ? undefined : installations.findEnterprise(homeId),
      knows(),
    ]);
    const said = team?.id === teamId ? team.enterprise_id : undefined;
    const workspace = { teamId, enterpriseId: stored ?? said ?? null };
    return isInsider({ workspace, homeId, homeEnterpriseId, isKnown: known }) ? viewer : undefined;
  }

  return {
    /** Somebody as one of a workspace's people; `undefined` for whoever is not, or may not be. */
    findInsider: (teamId: string, person: Person): Promise<Viewer | undefined> =>
      findInsider(teamId, person, () => isKnown(teamId, person.user.id)),

    /** The same for a click in a view of ours, which the workspace's people alone are shown. */
    findInsiderOfView: (teamId: string, person: Person): Promise<Viewer | undefined> =>
      findInsider(teamId, person, async () => true),
  };
}
