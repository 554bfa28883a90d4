import type { Message } from '../slack/records.ts';

/** What each person has read. */
export class ReadState {
  readonly #readTo = new Map<string, string>();

  /** Marks messages as read by a person. */
  read(userId: string, channelId: string, messages: readonly Message[]): void {
    const last = messages.at(-1);
    if (last !== undefined) this.#readTo.set(`${userId} ${channelId}`, last.ts);
  }

  /** Counts the messages that a person has not read. */
  countUnread(userId: string, channelId: string, messages: readonly Message[]): number {
    const readTo = Number(this.#readTo.get(`${userId} ${channelId}`) ?? 0);
    return messages.filter(({ ts }) => Number(ts) > readTo).length;
  }
}
