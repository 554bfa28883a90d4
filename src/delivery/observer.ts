import type { Decision } from '../domain/decide.ts';
import type { RemovalReason } from '../store/installations.ts';
import type { Outcome } from './webhook/classify-response.ts';

/** What a message is made of: alerts of now, or one digest of what was held. */
export type MessageKind = 'alert' | 'digest';

/** A POST to a webhook that is over. */
type Post = {
  kind: MessageKind;
  outcome: Outcome;
  /** The status of Slack's answer; none when there was no answer. */
  status: number | undefined;
  /** How long it took. Milliseconds. */
  ms: number;
};

/** Told of what happens to events and deliveries, for whoever counts. It is quick, and never throws. */
export type Observer = {
  /** An event that is new was decided for a channel. */
  decided(decision: Decision): void;
  posted(post: Post): void;
  /** Slack took a message: for how long each of its alerts had waited since its event came. Milliseconds. */
  sent(kind: MessageKind, waitedMs: readonly number[]): void;
  /** Leases that ended before they were given back: this process was too slow. */
  leasesLost(count: number): void;
  /** Channels of a process that died, which are served here from now on. */
  takenOver(count: number): void;
  /** A workspace removed the app, and the clean-up began here. */
  installationRemoved(reason: RemovalReason): void;
};

/** Counts nothing. */
export const noopObserver: Observer = {
  decided() {},
  posted() {},
  sent() {},
  leasesLost() {},
  takenOver() {},
  installationRemoved() {},
};
