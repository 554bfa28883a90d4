import { type Clock, later } from '../lib/clock.ts';
import type { SendableChannel } from '../store/channels/document.ts';
import type { DeliveryDocument, Split } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { Tenancy } from '../store/tenancy.ts';
import type { BuiltMessage } from './built-message.ts';
import { areUnsplit, isAtFault, planRetry, type RetryPlan } from './plan-retry.ts';
import { retryDelay, retryDelays } from './retry-schedule.ts';
import type { Troubles } from './trouble.ts';
import type { Outcome } from './webhook/classify-response.ts';

type Retry = Outcome & { kind: 'retry' };

type Report = (
  level: 'warn' | 'error',
  deliveries: readonly DeliveryDocument[],
  text: string,
  fields: { state: 'pending' | 'failed'; error: string; isLost?: boolean },
) => void;

/** Each step is one write, so that a process that takes the channel over can continue. */
export function createFailureRecorder(parts: {
  deliveries: DeliveryStore;
  troubles: Troubles;
  clock: Pick<Clock, 'now'>;
  random: () => number;
}) {
  const { deliveries, troubles, clock, random } = parts;

  return async (
    channel: SendableChannel,
    tenancy: Tenancy,
    built: BuiltMessage,
    outcome: Retry,
    report: Report,
  ): Promise<void> => {
    const { deliveries: tried } = built;
    const { error, lost: isLost } = outcome;
    const now = clock.now();
    report('warn', tried, 'Slack did not accept the alerts', { state: 'pending', error, isLost });
    if (isLost) await deliveries.countLostAnswer(toIds(tried), now);
    const trouble = channel.trouble ?? null;
    let plan = await limitSplits(tenancy, built, planRetry({ ...built, outcome, trouble, now }));
    if (plan.kind !== 'alone' || !isAtFault(plan.split)) await troubles.recordOutcome(channel, outcome, now);
    // The message failed without the deliveries that were set apart: they are not the only cause.
    if (trouble && areUnsplit(tried) && (await deliveries.rejoin(tenancy, trouble.since)) > 0) {
      await troubles.blameChannel(channel);
      if (plan.kind === 'separate') plan = { kind: 'together' };
    }
    switch (plan.kind) {
      case 'together':
        await retryLater(tried, error, report);
        if (trouble) await waitTogether(tried, now);
        return;
      case 'separate':
        await setSplit(plan.old, plan.split);
        return retryLater(tried, error, report);
      case 'alone':
        await setSplit(tried, plan.split);
        return retryLater(tried, error, report);
      case 'split': {
        await deliveries.split(toIds(plan.parts), plan.split, now, error);
        const parts = new Set(plan.parts);
        return retryLater(
          tried.filter((delivery) => !parts.has(delivery)),
          error,
          report,
        );
      }
    }
  };

  async function limitSplits(
    tenancy: Tenancy,
    { deliveries: tried }: BuiltMessage,
    plan: RetryPlan,
  ): Promise<RetryPlan> {
    if (plan.kind !== 'split' || plan.split.unprovenSince === null || !areUnsplit(tried)) return plan;
    if (tried.some(({ attempts }) => attempts >= retryDelays.length)) return plan;
    if (!(await deliveries.hasParts(tenancy, plan.split.unprovenSince))) return plan;
    // A later failure, after others were sent, proves that the cause is among them.
    await setSplit(tried, { ...plan.split, maxTogether: null, isTried: false });
    return { kind: 'together' };
  }

  async function setSplit(of: readonly DeliveryDocument[], split: Split): Promise<void> {
    const isKnownTried = ({ split: known }: DeliveryDocument) =>
      known?.isTried === true && known.unprovenSince?.getTime() === split.unprovenSince?.getTime();
    for (const isTried of [true, false]) {
      const some = of.filter((delivery) => (split.isTried || isKnownTried(delivery)) === isTried);
      const next = { ...split, isTried };
      const changed = some.filter(({ split: known }) => !isSame(known, next));
      if (changed.length > 0) await deliveries.setSplit(toIds(changed), next);
    }
  }

  /** Reschedules deliveries that were tried alone in a trouble, since they have now been tried with others. */
  async function waitTogether(tried: readonly DeliveryDocument[], now: Date): Promise<void> {
    const early = tried.filter(({ nextAttemptAt, split }) => nextAttemptAt > now && split?.isTried);
    for (const attempts of new Set(early.map((delivery) => delivery.attempts))) {
      const until = later(clock, retryDelay(attempts - 1, random) ?? 0);
      const some = early.filter((one) => one.attempts === attempts && one.nextAttemptAt < until);
      if (some.length > 0) await deliveries.delayUntil(toIds(some), until);
    }
  }

  /** Deliveries that were not due keep their schedule. */
  async function retryLater(tried: readonly DeliveryDocument[], error: string, report: Report) {
    const now = clock.now();
    const due = tried.filter(({ nextAttemptAt }) => nextAttemptAt <= now);
    for (const attempts of new Set(due.map((delivery) => delivery.attempts))) {
      const same = due.filter((delivery) => delivery.attempts === attempts);
      const delay = retryDelay(attempts, random);
      if (delay === undefined) {
        report('error', same, 'the last attempt failed and the alerts are given up', {
          state: 'failed',
          error,
        });
        await deliveries.fail(toIds(same), now, error);
      } else await deliveries.postpone(toIds(same), now, later(clock, delay), error);
    }
  }
}

function isSame(one: Split | null | undefined, other: Split): boolean {
  return (
    one?.maxTogether === other.maxTogether &&
    one.isPlain === other.isPlain &&
    one.isTried === other.isTried &&
    one.isContinued === other.isContinued &&
    one.unprovenSince?.getTime() === other.unprovenSince?.getTime()
  );
}

function toIds(deliveries: readonly DeliveryDocument[]): string[] {
  return deliveries.map(({ _id }) => _id);
}
