import type { SlackModel } from '../slack/model.ts';
import type { User } from '../slack/records.ts';

/**
 * @param who a handle or id, with `@` and the workspace's domain if that is not the person's home; empty for the
 * first person
 * @throws Error if there is none
 */
export function findPerson(model: SlackModel, who: string): { user: User; teamId: string } {
  const [name = '', domain] = who.split('@');
  const team = [...model.teams.values()].find((one) => one.domain === domain);
  if (domain !== undefined && team === undefined) throw new Error(`no workspace ${domain}`);
  const [first = ''] = model.users.keys();
  const user = model.user(name || first, team?.id);
  return { user, teamId: team?.id ?? user.teamId };
}

/** Once per workspace; names alone for the first workspace. */
export function listViewers(model: SlackModel): { value: string; label: string }[] {
  const [first, ...others] = model.teams.values();
  if (first === undefined) return [];
  return [
    ...model.usersOf(first.id).map(({ name, realName }) => ({ value: name, label: realName })),
    ...others.flatMap(({ id, name: team, domain }) =>
      model.usersOf(id).map(({ name, realName }) => ({
        value: `${name}@${domain}`,
        label: `${realName} · ${team}`,
      })),
    ),
  ];
}
