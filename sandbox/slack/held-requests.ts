import type { AppAnswer, AppClient } from './app-client.ts';

export interface HeldRequest {
  readonly payload: object;
  /** With a new signature that is one second newer each time. */
  send(): Promise<AppAnswer>;
}

export interface HeldRequests {
  readonly requests: HeldRequest[];
  release(): void;
}

/** A held request is answered as if it was accepted. */
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
