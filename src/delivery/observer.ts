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

/** They are fast, and never throw. */
export type Observer = {
  decided(decision: Decision): void;
  posted(post: Post): void;
  /** `waitedMs` is by alert, since its event arrived. */
  sent(kind: MessageKind, waitedMs: readonly number[]): void;
  /** Before they were released: this process was too slow. */
  leasesLost(count: number): void;
  /** From a dead process. */
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
