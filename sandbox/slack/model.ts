import { EventEmitter } from 'node:events';
import type { Ids } from './ids.ts';
import { MessageLog, type NewMessage } from './message-log.ts';
import type {
  Channel,
  Installation,
  Message,
  MessagePayload,
  Refusal,
  Team,
  User,
  Webhook,
  WebhookCall,
} from './records.ts';
import { defaultTeam, type TeamSeed } from './seed.ts';

/** What happens in the local Slack, for whoever watches. */
export interface SlackEvents {
  message: [Message];
  messageChanged: [Message];
  messageDeleted: [Message];
  refusal: [Refusal];
  webhookCall: [WebhookCall];
  installation: [Installation];
  viewChanged: [{ teamId: string; userId: string }];
}

/** The local Slack's state, without HTTP: workspaces, people, channels, installations, webhooks, messages. */
export class SlackModel extends EventEmitter<SlackEvents> {
  readonly clock: () => number;
  readonly ids: Ids;
  readonly teams = new Map<string, Team>();
  readonly users = new Map<string, User>();
  readonly channels = new Map<string, Channel>();
  readonly installations = new Map<string, Installation>();
  readonly webhooks = new Map<string, Webhook>();
  /** Bot tokens of installations that are gone: Slack tells them from those it never gave out. */
  readonly retiredTokens = new Set<string>();
  /** Who asked the administrators of a workspace to approve the app. */
  readonly approvalRequests: { teamId: string; userId: string }[] = [];
  readonly refusals: Refusal[] = [];
  readonly webhookCalls: WebhookCall[] = [];

  readonly #log: MessageLog;

  constructor(clock: () => number, ids: Ids) {
    super();
    this.clock = clock;
    this.ids = ids;
    this.#log = new MessageLog(clock, ids);
    this.setMaxListeners(0);
  }

  /** Adds a workspace; users and channels that are not given are the default ones, with ids of their own. */
  addTeam(seed: TeamSeed): Team {
    const team: Team = {
      id: seed.id,
      name: seed.name,
      domain: seed.domain,
      disabled: false,
      needsApproval: false,
    };
    this.teams.set(team.id, team);
    const own = (id: string) => (seed.id === defaultTeam.id ? id : this.ids.id(id.charAt(0)));
    const users = seed.users ?? defaultTeam.users.map((user) => ({ ...user, id: own(user.id) }));
    for (const { id, name, realName } of users) {
      this.users.set(id, { id, teamId: team.id, name, realName: realName ?? name });
    }
    const lead = users[0]?.id;
    const channels =
      seed.channels ??
      defaultTeam.channels.map((channel) => ({
        ...channel,
        id: own(channel.id),
        members: channel.isPrivate && lead !== undefined ? [lead] : [],
      }));
    for (const { id, name, isPrivate = false, members = [] } of channels) {
      this.channels.set(id, {
        id,
        teamId: team.id,
        name: name.replace(/^#/, ''),
        isPrivate,
        members: new Set(members),
        state: 'active',
      });
    }
    return team;
  }

  /** The workspace of that id, or the first one. Throws where there is none. */
  team(id?: string): Team {
    const team = id === undefined ? this.teams.values().next().value : this.teams.get(id);
    if (team === undefined) throw new Error(`no workspace ${id ?? 'at all'}`);
    return team;
  }

  /** A channel by id, `name` or `#name` (names are looked for in the first workspace, unless one is given). */
  channel(idOrName: string, teamId?: string): Channel {
    const byId = this.channels.get(idOrName);
    if (byId !== undefined) return byId;
    const team = this.team(teamId);
    const name = idOrName.replace(/^#/, '');
    for (const channel of this.channels.values()) {
      if (channel.teamId === team.id && channel.name === name) return channel;
    }
    throw new Error(`no channel ${idOrName} in ${team.name}`);
  }

  /** A person by id or handle. */
  user(idOrName: string, teamId?: string): User {
    const byId = this.users.get(idOrName);
    if (byId !== undefined) return byId;
    const team = this.team(teamId);
    for (const user of this.users.values()) {
      if (user.teamId === team.id && user.name === idOrName.replace(/^@/, '')) return user;
    }
    throw new Error(`no user ${idOrName} in ${team.name}`);
  }

  /** Everyone in a workspace. */
  usersOf(teamId: string): User[] {
    return [...this.users.values()].filter((user) => user.teamId === teamId);
  }

  /** The channels that a person may post a webhook to: the public ones, and the private ones they are in. */
  channelsFor(user: User): Channel[] {
    return [...this.channels.values()].filter(
      (channel) =>
        channel.teamId === user.teamId &&
        (channel.state === 'active' || channel.state === 'prohibited') &&
        (!channel.isPrivate || channel.members.has(user.id)),
    );
  }

  /** The messages of a channel, or of all, in the order in which they arrived: the living list, to be read only. */
  messages(channelId?: string): readonly Message[] {
    return this.#log.list(channelId);
  }

  message(ts: string): Message | undefined {
    return this.#log.get(ts);
  }

  addMessage(given: NewMessage): Message {
    const message = this.#log.add(given);
    this.emit('message', message);
    return message;
  }

  replaceMessage(message: Message, payload: MessagePayload): void {
    message.payload = payload;
    message.editedAt = this.clock();
    this.emit('messageChanged', message);
  }

  deleteMessage(message: Message): void {
    this.#log.delete(message);
    this.emit('messageDeleted', message);
  }

  refuse(refusal: Omit<Refusal, 'at'>): void {
    const full = { at: this.clock(), ...refusal };
    this.refusals.push(full);
    this.emit('refusal', full);
  }

  /** The next of Slack's timestamps, which are ids as well. */
  nextTs(): string {
    return this.#log.nextTs();
  }
}
