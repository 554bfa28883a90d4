import type { Ids } from './ids.ts';

/** Lets the app open a modal once, within seconds. */
export interface Trigger {
  readonly teamId: string;
  readonly userId: string;
}

export class Triggers {
  readonly #clock: () => number;
  readonly #ids: Ids;
  readonly #lifetimeMs: number;
  readonly #issued = new Map<string, Trigger & { at: number; exchanged: boolean }>();

  constructor(clock: () => number, ids: Ids, lifetimeMs: number) {
    this.#clock = clock;
    this.#ids = ids;
    this.#lifetimeMs = lifetimeMs;
  }

  issue(trigger: Trigger): string {
    const id = `${this.#ids.digits(13)}.${this.#ids.digits(12)}.${this.#ids.secret(32).toLowerCase()}`;
    this.#issued.set(id, { ...trigger, at: this.#clock(), exchanged: false });
    return id;
  }

  /** @returns the trigger, or Slack's error word */
  exchange(id: unknown, teamId: string): Trigger | string {
    const trigger = typeof id === 'string' ? this.#issued.get(id) : undefined;
    if (trigger === undefined || trigger.teamId !== teamId) return 'invalid_trigger_id';
    if (trigger.exchanged) return 'exchanged_trigger_id';
    if (this.#clock() - trigger.at > this.#lifetimeMs) return 'expired_trigger_id';
    trigger.exchanged = true;
    return trigger;
  }
}
