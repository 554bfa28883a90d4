import type { Message } from '../slack/records.ts';

export class ReadState {
  readonly #readTo = new Map<string, string>();

  read(userId: string, channelId: string, messages: readonly Message[]): void {
    const last = messages.at(-1);
    if (last !== undefined) this.#readTo.set(`${userId} ${channelId}`, last.ts);
  }

  countUnread(userId: string, channelId: string, messages: readonly Message[]): number {
    const readTo = Number(this.#readTo.get(`${userId} ${channelId}`) ?? 0);
    return messages.filter(({ ts }) => Number(ts) > readTo).length;
  }
}
