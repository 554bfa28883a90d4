import type { Message } from '../slack/records.ts';

/** Who has read how far. */
export class ReadState {
  readonly #readTo = new Map<string, string>();

  /** The person has seen all of these. */
  read(userId: string, channelId: string, messages: readonly Message[]): void {
    const last = messages.at(-1);
    if (last !== undefined) this.#readTo.set(`${userId} ${channelId}`, last.ts);
  }

  /** How many of these the person has not seen. */
  countUnread(userId: string, channelId: string, messages: readonly Message[]): number {
    const readTo = Number(this.#readTo.get(`${userId} ${channelId}`) ?? 0);
    return messages.filter(({ ts }) => Number(ts) > readTo).length;
  }
}
