import { EventEmitter } from 'node:events';
import type { Ids } from './ids.ts';
import { MessageLog, type NewMessage } from './message-log.ts';
import type {
  Channel,
  Enterprise,
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

export interface SlackEvents {
  message: [Message];
  messageChanged: [Message];
  messageDeleted: [Message];
  refusal: [Refusal];
  webhookCall: [WebhookCall];
  installation: [Installation];
  viewChanged: [{ teamId: string; userId: string }];
}

/** Without HTTP. */
export class SlackModel extends EventEmitter<SlackEvents> {
  readonly clock: () => number;
  readonly ids: Ids;
  readonly enterprises = new Map<string, Enterprise>();
  readonly teams = new Map<string, Team>();
  readonly users = new Map<string, User>();
  readonly channels = new Map<string, Channel>();
  readonly installations = new Map<string, Installation>();
  readonly webhooks = new Map<string, Webhook>();
  /** Slack distinguishes them from unknown ones. */
  readonly retiredTokens = new Set<string>();
  readonly approvalRequests: { teamId: string; userId: string }[] = [];
  readonly refusals: Refusal[] = [];
  readonly webhookCalls: WebhookCall[] = [];

  /** Observed in Slack's payloads about people. */
  readonly habits: {
    /** On Enterprise Grid. */
    userTeam: 'home' | 'organisation';
    /** In a click of somebody from another organisation. */
    connectTeam: 'app' | 'theirs' | 'none';
    /** As the envelope says: in the workspace; at home, by `team_id`; or at home, by all that it names. */
    homeOpenedIn: 'workspace' | 'home' | 'home only';
  } = { userTeam: 'organisation', connectTeam: 'app', homeOpenedIn: 'workspace' };

  readonly #log: MessageLog;

  constructor(clock: () => number, ids: Ids) {
    super();
    this.clock = clock;
    this.ids = ids;
    this.#log = new MessageLog(clock, ids);
    this.setMaxListeners(0);
  }

  /** By default with the default users and channels. */
  addTeam(seed: TeamSeed): Team {
    const { enterprise } = seed;
    if (enterprise !== undefined) this.enterprises.set(enterprise.id, enterprise);
    const team: Team = {
      id: seed.id,
      name: seed.name,
      domain: seed.domain,
      ...(enterprise !== undefined && { enterpriseId: enterprise.id }),
      disabled: false,
      needsApproval: false,
    };
    this.teams.set(team.id, team);
    const own = (id: string) => (seed.id === defaultTeam.id ? id : this.ids.id(id.charAt(0)));
    const users = seed.users ?? defaultTeam.users.map((user) => ({ ...user, id: own(user.id) }));
    for (const { id, name, realName, alsoIn = [], isGuest = false } of users) {
      const teamIds = new Set([team.id, ...alsoIn]);
      this.users.set(id, { id, teamId: team.id, teamIds, isGuest, name, realName: realName ?? name });
    }
    const lead = users[0]?.id;
    const channels =
      seed.channels ??
      defaultTeam.channels.map((channel) => ({
        ...channel,
        id: own(channel.id),
        members: channel.isPrivate && lead !== undefined ? [lead] : [],
      }));
    for (const { id, name, isPrivate = false, members = [], sharedWith = [] } of channels) {
      this.channels.set(id, {
        id,
        teamId: team.id,
        name: name.replace(/^#/, ''),
        isPrivate,
        members: new Set(members),
        sharedWith: new Set(sharedWith),
        state: 'active',
      });
    }
    return team;
  }

  /** By default the first one. */
  team(id?: string): Team {
    const team = id === undefined ? this.teams.values().next().value : this.teams.get(id);
    if (team === undefined) throw new Error(`no workspace ${id ?? 'at all'}`);
    return team;
  }

  /** By id, `name` or `#name`; names refer to the first workspace unless one is given. */
  channel(idOrName: string, teamId?: string): Channel {
    const byId = this.channels.get(idOrName);
    if (byId !== undefined) return byId;
    const team = this.team(teamId);
    const name = idOrName.replace(/^#/, '');
    for (const channel of this.channels.values()) {
      if (isIn(channel, team.id) && channel.name === name) return channel;
    }
    throw new Error(`no channel ${idOrName} in ${team.name}`);
  }

  /** By id or handle. */
  user(idOrName: string, teamId?: string): User {
    const byId = this.users.get(idOrName);
    if (byId !== undefined) return byId;
    const team = this.team(teamId);
    for (const user of this.users.values()) {
      if (user.teamIds.has(team.id) && user.name === idOrName.replace(/^@/, '')) return user;
    }
    throw new Error(`no user ${idOrName} in ${team.name}`);
  }

  usersOf(teamId: string): User[] {
    return [...this.users.values()].filter((user) => user.teamIds.has(teamId));
  }

  /** Where a person may create a webhook: public channels, and those that they are in. */
  channelsFor(user: User, teamId: string): Channel[] {
    return this.visibleChannels(user, teamId).filter(
      ({ state, isDirect }) => isDirect !== true && (state === 'active' || state === 'prohibited'),
    );
  }

  /** Including shared ones. */
  visibleChannels(user: User, teamId: string): Channel[] {
    return [...this.channels.values()].filter(
      (channel) =>
        isIn(channel, teamId) &&
        channel.state !== 'deleted' &&
        ((!channel.isPrivate && !user.isGuest) || channel.members.has(user.id)),
    );
  }

  /** From whichever workspace. */
  seesChannel(user: User, channelId: string): boolean {
    return [...user.teamIds].some((teamId) =>
      this.visibleChannels(user, teamId).some(({ id }) => id === channelId),
    );
  }

  /** In order of arrival: a live list, not to be changed. */
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

  nextTs(): string {
    return this.#log.nextTs();
  }
}

function isIn({ teamId, sharedWith }: Channel, wanted: string): boolean {
  return teamId === wanted || sharedWith.has(wanted);
}
