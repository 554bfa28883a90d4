/** What may go wrong with a request, on purpose. `status` and the rest apply to webhooks and the Web API alike. */
export type Fault =
  /** That status, with `Retry-After` where it is given, and a body of any type. The request is not taken. */
  | { status: number; retryAfter?: number | string; body?: string; type?: string }
  /**
   * One of Slack's own refusals: a body of `webhookErrors`, or a Web API error; with `onlyWith` of those requests alone
   * that hold this text. The request is not taken.
   */
  | { error: string; onlyWith?: string }
  /** The connection is cut: `before` the message was taken, or `after` it, so that only the answer is lost. */
  | { reset: 'before' | 'after' }
  /** The request waits that many milliseconds, and then goes its usual way. */
  | { delay: number }
  /**
   * No answer until released. The message is taken at once (`after`), or only then and if the app still waits
   * (`before`).
   */
  | { hang: 'before' | 'after' };

/** A fault that waits for its requests. */
export interface ArmedFault {
  readonly fault: Fault;
  /** How many requests it has met so far. */
  readonly hits: number;
  /** Lets hanging requests go on, and arms no more. */
  release(): void;
  /** Settles when the fault meets its next request. */
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

/** A fault as a request meets it. */
export interface MetFault {
  fault: Fault;
  /** Settles when a hanging request may go on. */
  released: Promise<void>;
}

/**
 * Faults by target: a channel id for webhooks, a method name for the Web API, `*` for all. Faults of one target are
 * met in the order in which they were armed, each for its number of requests.
 */
export class Faults {
  readonly #armed = new Map<string, Armed[]>();

  arm(target: string, fault: Fault, times = Number.POSITIVE_INFINITY): ArmedFault {
    const armed = new Armed(fault, times);
    this.#armed.set(target, [...(this.#armed.get(target) ?? []), armed]);
    return armed;
  }

  /** Takes the fault that the next request to the target meets, if there is one. @param text the request's body */
  meet(target: string, text = ''): MetFault | undefined {
    for (const key of [target, '*']) {
      const armed = this.#armed.get(key)?.find(({ left, fault }) => left > 0 && applies(fault, text));
      if (armed === undefined) continue;
      armed.hit();
      return { fault: armed.fault, released: armed.released };
    }
    return undefined;
  }

  /** Disarms the faults of a target, or all, and lets what hangs go on. */
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
