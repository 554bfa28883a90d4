import type { AppAnswer, AppClient } from './app-client.ts';

/** A request to the app that has not reached it. */
export interface HeldRequest {
  /** What it carries. */
  readonly payload: object;
  /** Sends it, as often as it is called, each time with a signature of its own: that of a second after the one before. */
  send(): Promise<AppAnswer>;
}

/** What is kept from the app. */
export interface HeldRequests {
  readonly requests: HeldRequest[];
  /** Lets later requests through again. */
  release(): void;
}

/** A client whose requests can be held, and sent later, twice, or in another order. A held one is answered as if taken. */
export function createHoldableClient(client: AppClient): AppClient & { holdRequests(): HeldRequests } {
  let held: HeldRequest[] | undefined;

  function post(payload: object, send: (delayMs?: number) => Promise<AppAnswer>): Promise<AppAnswer> {
    if (held === undefined) return send();
    let times = 0;
    held.push({ payload, send: () => send(1000 * times++) });
    return Promise.resolve({ status: 200, body: '' });
  }

  return {
    postJson: (payload, headers) => post(payload, (delayMs) => client.postJson(payload, headers, delayMs)),
    postForm: (payload) => post(payload, (delayMs) => client.postForm(payload, delayMs)),
    holdRequests() {
      const requests: HeldRequest[] = [];
      held = requests;
      return {
        requests,
        release() {
          if (held === requests) held = undefined;
        },
      };
    },
  };
}
