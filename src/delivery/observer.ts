import type { Decision } from '../domain/decide.ts';
import type { RemovalReason } from '../store/installations.ts';
import type { Outcome } from './webhook/classify-response.ts';

export type MessageKind = 'alert' | 'digest';

type Post = {
  kind: MessageKind;
  outcome: Outcome;
  status: number | undefined;
  ms: number;
};

/** Its callbacks are fast, and never throw. */
export type Observer = {
  decided(decision: Decision): void;
  posted(post: Post): void;
  /** `waitedMs`: for each alert, the time since its event arrived. */
  sent(kind: MessageKind, waitedMs: readonly number[]): void;
  /** Leases expired before they were released: this process was too slow. */
  leasesLost(count: number): void;
  /** Channels of a dead process are now served by this one. */
  takenOver(count: number): void;
  installationRemoved(reason: RemovalReason): void;
};

export const noopObserver: Observer = {
  decided() {},
  posted() {},
  sent() {},
  leasesLost() {},
  takenOver() {},
  installationRemoved() {},
};
