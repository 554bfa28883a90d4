import type { SlackModel } from './model.ts';
import type { Channel, User } from './records.ts';

/** With Slackbot, and with everyone else in the workspace. They are created when first listed. */
export function directMessagesOf(model: SlackModel, user: User, teamId: string): Channel[] {
  const others = model.usersOf(teamId).filter(({ id }) => id !== user.id);
  return [{ id: 'USLACKBOT', name: 'slackbot' }, ...others].map((other) => {
    const id = `D${[user.id, other.id].sort().join('')}`;
    const known = model.channels.get(id);
    if (known !== undefined) return known;
    const channel: Channel = {
      id,
      teamId,
      name: `@${other.name}`,
      isPrivate: true,
      isDirect: true,
      members: new Set([user.id, other.id]),
      sharedWith: new Set(),
      state: 'active',
    };
    model.channels.set(id, channel);
    return channel;
  });
}
