import type { AppAnswer, AppClient } from './app-client.ts';

/** A request to the app that has not reached it. */
export interface HeldRequest {
  /** Sends it with a signature of this moment, as often as it is called. */
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

  function post(send: () => Promise<AppAnswer>): Promise<AppAnswer> {
    if (held === undefined) return send();
    held.push({ send });
    return Promise.resolve({ status: 200, body: '' });
  }

  return {
    postJson: (payload, headers) => post(() => client.postJson(payload, headers)),
    postForm: (payload) => post(() => client.postForm(payload)),
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
