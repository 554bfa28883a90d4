/** `status` and the following apply to webhooks, response URLs and the Web API alike. */
export type Fault =
  /** The request is not accepted. */
  | { status: number; retryAfter?: number | string; body?: string; type?: string }
  /** Of `webhookErrors` or of the Web API; with `onlyWith` only for requests that contain this text. */
  | { error: string; onlyWith?: string }
  /** `before` the message was accepted, or `after`, so that only the answer is lost. */
  | { reset: 'before' | 'after' }
  /** Milliseconds. */
  | { delay: number }
  /**
   * Until released. The message is accepted at once (`after`), or only on release, if the app is still waiting
   * (`before`).
   */
  | { hang: 'before' | 'after' };

export interface ArmedFault {
  readonly fault: Fault;
  readonly hits: number;
  /** Also disarms the fault. */
  release(): void;
  nextHit(): Promise<void>;
}

class Armed implements ArmedFault {
  readonly fault: Fault;
  hits = 0;
  left: number;
  readonly released: Promise<void>;
  readonly release: () => void;
  #waiting: (() => void)[] = [];

  constructor(fault: Fault, times: number) {
    this.fault = fault;
    this.left = times;
    let go = () => {};
    this.released = new Promise((resolve) => {
      go = resolve;
    });
    this.release = () => {
      this.left = 0;
      go();
    };
  }

  nextHit(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  hit(): void {
    this.hits += 1;
    this.left -= 1;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export interface TriggeredFault {
  fault: Fault;
  released: Promise<void>;
}

/**
 * By target: a channel id for webhooks, a method name for the Web API, `response_url`, `*` for all. Each applies to
 * its number of requests, in the order in which they were armed.
 */
export class Faults {
  readonly #armed = new Map<string, Armed[]>();

  arm(target: string, fault: Fault, times = Number.POSITIVE_INFINITY): ArmedFault {
    const armed = new Armed(fault, times);
    this.#armed.set(target, [...(this.#armed.get(target) ?? []), armed]);
    return armed;
  }

  /** @param text the request's body */
  trigger(target: string, text = ''): TriggeredFault | undefined {
    for (const key of [target, '*']) {
      const armed = this.#armed.get(key)?.find(({ left, fault }) => left > 0 && applies(fault, text));
      if (armed === undefined) continue;
      armed.hit();
      return { fault: armed.fault, released: armed.released };
    }
    return undefined;
  }

  /** Also releases hanging requests. */
  clear(target?: string): void {
    for (const [key, armed] of this.#armed) {
      if (target !== undefined && key !== target) continue;
      for (const one of armed) one.release();
      this.#armed.delete(key);
    }
  }
}

function applies(fault: Fault, text: string): boolean {
  return !('onlyWith' in fault) || fault.onlyWith === undefined || text.includes(fault.onlyWith);
}
