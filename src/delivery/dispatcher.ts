import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { createFairLimit } from '../lib/fair-limit.ts';
import { createSharedTimers } from '../lib/shared-timers.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import { type ChannelWorker, startChannelWorker } from './channel-worker.ts';
import type { KnownChannel, LeaseManager } from './lease-manager.ts';
import type { SendNextMessage } from './send-next-message.ts';
import type { PreacquiredLease } from './worker-state.ts';

export type ExpectedChannel = KnownChannel & Pick<PreacquiredLease, 'mayHold'>;

export type Dispatcher = {
  /** Requests the leases of these channels with one command, while their deliveries are still being recorded. */
  preacquireLeases(channels: readonly ExpectedChannel[]): void;
  wake(channelIds: readonly string[]): void;
  /** Starts no more work; resolves when what was in progress has ended and the leases are released. */
  stop(): Promise<void>;
};

/** Keeps one worker per channel; at most `concurrency` operations run at once, shared between workspaces. */
export function createDispatcher(parts: {
  leaseManager: LeaseManager;
  sendNextMessage: SendNextMessage;
  deliveries: Pick<DeliveryStore, 'findDue'>;
  concurrency: number;
  clock: Pick<Clock, 'now' | 'sleep'>;
  logger: Logger;
}): Dispatcher {
  const { leaseManager, clock } = parts;
  const stopping = new AbortController();
  const workers = new Map<string, ChannelWorker>();
  const workerParts = {
    ...parts,
    limit: createFairLimit(parts.concurrency),
    waitUntil: createSharedTimers(clock, stopping.signal),
  };

  function start(channelId: string, preacquired?: PreacquiredLease): void {
    const onStopped = () => workers.delete(channelId);
    workers.set(channelId, startChannelWorker(workerParts, channelId, preacquired, onStopped));
  }

  return {
    preacquireLeases(channels) {
      for (const channel of channels) workers.get(channel._id)?.update(channel);
      const unserved = channels.filter(({ _id }) => !workers.has(_id));
      if (stopping.signal.aborted || unserved.length === 0) return;
      const leases = leaseManager.acquireAll(unserved);
      for (const { _id, mayHold } of unserved)
        start(_id, { lease: leases.then((acquired) => acquired.get(_id)), mayHold });
    },

    wake(channelIds) {
      if (stopping.signal.aborted) return;
      for (const channelId of channelIds) {
        const worker = workers.get(channelId);
        if (worker === undefined) start(channelId);
        else worker.wake();
      }
    },

    async stop() {
      stopping.abort();
      const running = [...workers.values()];
      for (const worker of running) worker.stop();
      await Promise.all(running.map(({ stopped }) => stopped));
    },
  };
}
