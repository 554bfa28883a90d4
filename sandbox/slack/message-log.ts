import { fillIds } from './fill-ids.ts';
import type { Ids } from './ids.ts';
import type { Channel, Message, MessagePayload } from './records.ts';

export interface NewMessage {
  channel: Channel;
  /** By default the channel's. */
  teamId?: string;
  payload: MessagePayload;
  receivedAt: number;
  receivedAtMonotonic: number;
  webhookId?: string;
  userAgent?: string;
  ephemeralTo?: string;
}

/** In the order in which they arrived. */
export class MessageLog {
  readonly #clock: () => number;
  readonly #ids: Ids;
  readonly #all: Message[] = [];
  readonly #byChannel = new Map<string, Message[]>();
  readonly #byTs = new Map<string, Message>();
  readonly #filled = new WeakMap<MessagePayload, MessagePayload>();
  #lastTs = 0;

  constructor(clock: () => number, ids: Ids) {
    this.#clock = clock;
    this.#ids = ids;
  }

  list(channelId?: string): readonly Message[] {
    return channelId === undefined ? this.#all : (this.#byChannel.get(channelId) ?? []);
  }

  get(ts: string): Message | undefined {
    return this.#byTs.get(ts);
  }

  add({ channel, teamId = channel.teamId, ...rest }: NewMessage): Message {
    const fill = (payload: MessagePayload) => this.#fill(payload);
    const message: Message = {
      ...rest,
      get shown() {
        return fill(this.payload);
      },
      ts: this.nextTs(),
      teamId,
      channelId: channel.id,
      channelName: channel.name,
    };
    const inChannel = this.#byChannel.get(channel.id) ?? [];
    inChannel.push(message);
    this.#byChannel.set(channel.id, inChannel);
    this.#all.push(message);
    this.#byTs.set(message.ts, message);
    return message;
  }

  delete(message: Message): void {
    for (const list of [this.#all, this.#byChannel.get(message.channelId) ?? []]) {
      const index = list.indexOf(message);
      if (index >= 0) list.splice(index, 1);
    }
    this.#byTs.delete(message.ts);
  }

  /** Increases even if the clock stands still. */
  nextTs(): string {
    this.#lastTs = Math.max(Math.floor(this.#clock()) * 1000, this.#lastTs + 1);
    const seconds = Math.floor(this.#lastTs / 1e6);
    return `${seconds}.${String(this.#lastTs % 1e6).padStart(6, '0')}`;
  }

  /** On first access: most messages are never clicked. */
  #fill(payload: MessagePayload): MessagePayload {
    const filled = this.#filled.get(payload) ?? fillIds(payload, this.#ids);
    this.#filled.set(payload, filled);
    return filled;
  }
}
