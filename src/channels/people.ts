import { isInsider, type Viewer } from '../domain/permissions.ts';
import type { Channel } from '../store/channels/document.ts';
import type { InsiderStore } from '../store/insiders.ts';
import type { InstallationStore } from '../store/installations.ts';

export type Person = {
  team?: { id: string; enterprise_id?: string | undefined } | null;
  enterprise?: { id: string } | null;
  user: { id: string; team_id?: string | undefined };
  homeEnterpriseId?: string | undefined;
};

type Place = Pick<Channel, 'teamId'> & Partial<Pick<Channel, 'managers'>>;

export type People = ReturnType<typeof createPeople>;

export function createPeople({
  installations,
  insiders,
}: {
  installations: Pick<InstallationStore, 'findEnterprise'>;
  insiders: Pick<InsiderStore, 'has'>;
}) {
  async function isInside(
    teamId: string,
    { user, homeEnterpriseId }: Person,
    namedEnterpriseId: string | undefined,
    isKnownPerson: () => boolean | Promise<boolean>,
  ): Promise<boolean> {
    const homeId = user.team_id;
    if (homeId === teamId) return true;
    const [stored, storedOfHome, isKnown] = await Promise.all([
      installations.findEnterprise(teamId),
      homeId === undefined ? undefined : installations.findEnterprise(homeId),
      isKnownPerson(),
    ]);
    return isInsider({
      // A workspace may have joined an organisation, or changed to another, since the installation.
      workspace: { teamId, enterpriseId: namedEnterpriseId ?? stored ?? null },
      homeId,
      homeEnterpriseId: homeEnterpriseId ?? storedOfHome,
      isKnown,
    });
  }

  async function findInsider(
    teamId: string,
    person: Person,
    namedEnterpriseId: string | undefined,
    isKnownPerson: () => boolean | Promise<boolean>,
  ): Promise<Viewer | undefined> {
    const isViewer = await isInside(teamId, person, namedEnterpriseId, isKnownPerson);
    return isViewer ? { teamId, userId: person.user.id } : undefined;
  }

  return {
    /** Counts a channel's managers as insiders of it if Slack does not say where somebody belongs. */
    findInsider({ teamId, managers }: Place, person: Person): Promise<Viewer | undefined> {
      const { user } = person;
      const isManager = managers !== undefined && managers !== 'everyone' && managers.includes(user.id);
      const isKnownPerson = () => isManager || insiders.has({ teamId, userId: user.id });
      return findInsider(teamId, person, namedEnterpriseOf(teamId, person), isKnownPerson);
    },

    async isOutsider(teamId: string, person: Person): Promise<boolean> {
      return !(await isInside(teamId, person, namedEnterpriseOf(teamId, person), () => true));
    },

    /** Views are only shown to the workspace's people; a click may name another workspace. */
    findInsiderOfView: (teamId: string, person: Person): Promise<Viewer | undefined> =>
      findInsider(teamId, person, enterpriseOf(person), () => true),
  };
}

function namedEnterpriseOf(teamId: string, person: Person): string | undefined {
  return person.team?.id === teamId ? enterpriseOf(person) : undefined;
}

function enterpriseOf({ team, enterprise }: Person): string | undefined {
  return team?.enterprise_id ?? enterprise?.id;
}
