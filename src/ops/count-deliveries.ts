import type { Observer } from '../delivery/observer.ts';
import type { Transition } from '../store/deliveries/states.ts';
import type { OnChange } from '../store/deliveries/store.ts';
import { toErrorClass } from './error-class.ts';
import type { Metrics } from './metrics.ts';

const changes = {
  send: 'sent',
  sendHeld: 'sent',
  sendDropped: 'sent',
  postpone: 'retried',
  refuse: 'refused',
  split: 'split',
  loseAnswer: 'answer_lost',
  loseAnswerOfHeld: 'answer_lost',
  loseAnswerOfDropped: 'answer_lost',
  fail: 'failed',
  hold: 'held',
  holdUntil: 'rescheduled',
  release: 'released',
  drop: 'dropped',
  abandon: 'dropped',
  dismiss: 'dropped',
  replay: 'replayed',
} as const satisfies Record<Transition, string>;

export function countDeliveries(metrics: Metrics): Observer & { changed: OnChange } {
  return {
    decided(decision) {
      const reason = decision.outcome === 'suppress' ? decision.reason : 'none';
      metrics.decisions.inc({ decision: decision.outcome, reason });
    },
    posted({ kind, outcome, status, ms }) {
      metrics.messages.inc({ kind, answer: outcome.kind });
      metrics.post.observe(ms / 1000);
      if (status === 429) metrics.rateLimited.inc();
      if (outcome.kind === 'retry' && outcome.lost) metrics.lostAnswers.inc();
    },
    sent(kind, waitedMs) {
      // If two processes' clocks differ, an alert may be sent before it arrived.
      for (const ms of waitedMs) metrics.acceptedToSent.observe({ kind }, Math.max(0, ms) / 1000);
    },
    leasesLost: (count) => metrics.leasesLost.inc(count),
    takenOver: (count) => metrics.takenOver.inc(count),
    installationRemoved: (reason) => metrics.installationsRemoved.inc({ reason }),
    changed(transition, count, error) {
      if (count === 0) return;
      metrics.deliveries.inc({ change: changes[transition], error: toErrorClass(error, transition) }, count);
    },
  };
}
