import type { PerlyEvent } from '../domain/event.ts';
import { limitsRepeats } from '../domain/repeats.ts';
import type { Clock } from '../lib/clock.ts';
import { groupBy, unique } from '../lib/group-by.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import { type DeliveryDocument, deliveryKey } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventDocument } from '../store/event-document.ts';
import { createSequence, type EventStore, eventKey } from '../store/events.ts';
import type { MuteStore } from '../store/mutes.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';
import {
  type DecisionContext,
  type Served,
  type ServedChannel,
  toDeliveries,
  toDocument,
} from './decided-events.ts';
import type { Dispatcher, ExpectedChannel } from './dispatcher.ts';
import { noopObserver, type Observer } from './observer.ts';
import { countRepeats, endCounts, insertUnrepeated } from './record-repeats.ts';
import { type NextSteps, reevaluateHeld } from './reevaluate-held.ts';
import { groupSimilar, type SimilarAlerts, similarKeyOf } from './repeats.ts';

/** `conflict`: the event's id was used before with other content. */
export type Receipt = 'accepted' | 'duplicate' | 'conflict';

/** `receipts` are in the order of the events; the channels of `tenancies` have something to send now. */
export type Recorded = { receipts: Receipt[]; tenancies: Tenancy[]; openings: Date[] };

export type Recorder = (events: readonly PerlyEvent[]) => Promise<Recorded>;

type Parts = {
  channels: ChannelStore;
  events: EventStore;
  deliveries: DeliveryStore;
  mutes: MuteStore;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  observer?: Observer;
  dispatcher?: Pick<Dispatcher, 'preacquireLeases' | 'wake'>;
};

/**
 * Maximum number of documents in one command: above some hundred, two commands cost less. And the driver would
 * split a command above 48 MB, and not always end at the first error of a part.
 */
const maxTogether = 100;

/** Records durably; if it throws, repeating the call completes what is missing, without duplicates. */
export function createRecorder(parts: Parts): Recorder {
  const { channels, events, clock, observer = noopObserver, dispatcher } = parts;
  const nextSequence = createSequence();

  async function listServed(
    posted: readonly PerlyEvent[],
    now: Date,
  ): Promise<{ served: Served; similar: SimilarAlerts }> {
    const {
      channels: found,
      mutes: muted,
      similar,
    } = await channels.listForDecisions({
      accountIds: unique(posted.map((event) => event.account_id)),
      customerIds: unique(posted.map((event) => event.customer.id)),
      similarKeys: unique(posted.map(similarKeyOf)),
      now,
    });
    const mutesByTenancy = groupBy(muted, ({ channelId, accountId }) => keyOf(channelId, accountId));
    const served = new Map(
      found.map((channel) => {
        const own = mutesByTenancy.get(keyOf(channel._id, channel.accountId)) ?? [];
        return [channel._id, { ...channel, mutes: own }];
      }),
    );
    return { served, similar: groupSimilar(similar) };
  }

  /** Reevaluates held deliveries if rules or mutes changed after they were read for the decisions. */
  async function reevaluateOutdated(held: readonly DeliveryDocument[]): Promise<NextSteps[]> {
    if (held.length === 0) return [];
    const serving = await channels.listServing(unique(held.map(({ channelId }) => channelId)));
    // Recovery ends deliveries of accounts that a channel no longer serves.
    const outdated = held.filter(({ channelId, accountId, rulesEpoch }) => {
      const now = serving.get(channelId);
      return now?.accountId === accountId && now.rulesEpoch !== rulesEpoch;
    });
    const reevaluated: NextSteps[] = [];
    for (const channelId of unique(outdated.map((delivery) => delivery.channelId)))
      reevaluated.push(await reevaluateHeld(parts, channelId));
    return reevaluated;
  }

  /**
   * Decides events, but defers those that depend on whether another of them is sent.
   * @param known keys of events that are already recorded: their first decision holds
   */
  function decideRound(
    posted: readonly PerlyEvent[],
    { served, similar, now }: DecisionContext,
    known: ReadonlySet<string>,
  ): Round {
    const byAccount = groupBy([...served.values()], ({ accountId }) => accountId);
    const round: Round = { documents: [], indexes: [], deferred: [] };
    const ends = new Map<string, RoundEnd>();
    for (const [index, event] of posted.entries()) {
      const own = byAccount.get(event.account_id) ?? [];
      const document = toDocument(event, own, similar, nextSequence(now), now);
      const limited = known.has(document._id) ? [] : listLimited(document, served);
      const isDeferred = limited.some(
        ({ key, end }) => ends.has(key) && !(ends.get(key) === 'repeated' && end === 'repeated'),
      );
      for (const { key, end } of limited) ends.set(key, isDeferred ? 'deferred' : end);
      if (isDeferred) {
        round.deferred.push(index);
        continue;
      }
      round.documents.push(document);
      round.indexes.push(index);
    }
    return round;
  }

  async function record(
    posted: readonly PerlyEvent[],
    known: ReadonlySet<string> = new Set(),
  ): Promise<Recorded> {
    const now = clock.now();
    const readAt = clock.monotonic();
    const context = { ...(await listServed(posted, now)), now };
    const { served } = context;
    const { documents, indexes, deferred } = decideRound(posted, context, known);
    const sending = listSending(documents, served);
    const expected = sending.map(({ _id }) => _id);
    // In the same turn of the event loop as the insert, so that an engine can sync both at once.
    dispatcher?.preacquireLeases(sending.map((channel) => toExpectedChannel(channel, readAt)));
    try {
      const { channelIds, ...written } = await write(documents, context);
      const tenancies = toTenancies([...expected, ...channelIds], served);
      if (deferred.length === 0) return { ...written, tenancies };
      const later = deferred.flatMap((index) => posted[index] ?? []);
      const recorded = await events.listByKeys(later.map((event) => eventKey(event.account_id, event.id)));
      const rest = await record(later, new Set(recorded.map(({ _id }) => _id)));
      const receipts: Receipt[] = [];
      for (const [at, index] of indexes.entries()) receipts[index] = written.receipts[at] ?? 'accepted';
      for (const [at, index] of deferred.entries()) receipts[index] = rest.receipts[at] ?? 'accepted';
      return {
        receipts,
        tenancies: [...tenancies, ...rest.tenancies],
        openings: [...written.openings, ...rest.openings],
      };
    } catch (error) {
      dispatcher?.wake(expected);
      throw error;
    }
  }

  /**
   * Records events with their deliveries, with one command if the engine has one and no document existed before.
   * @returns the positions of the events whose id already existed, and whether all deliveries are recorded, too
   */
  async function insertEvents(
    documents: readonly EventDocument[],
    wanted: readonly DeliveryDocument[],
  ): Promise<{ taken: Set<number>; isComplete: boolean }> {
    const isTogether = wanted.length > 0 && documents.length + wanted.length <= maxTogether;
    const inserted = isTogether ? await events.insertWithDeliveries(documents, wanted) : undefined;
    if (inserted === undefined) {
      const taken = await events.insert(documents);
      return { taken, isComplete: wanted.length === 0 && taken.size === 0 };
    }
    if (inserted >= documents.length)
      return { taken: new Set(), isComplete: inserted === documents.length + wanted.length };
    const others = await events.insert(documents.slice(inserted + 1));
    return { taken: new Set([inserted, ...[...others].map((at) => inserted + 1 + at)]), isComplete: false };
  }

  async function write(documents: readonly EventDocument[], context: DecisionContext) {
    const { served, similar, now } = context;
    const counts = await countRepeats(parts, documents, similar, now);
    const wanted = documents.flatMap((document) => toDeliveries(document, counts, context));
    const { taken, isComplete } = await insertEvents(documents, wanted);
    const repeated = documents.filter((_, index) => taken.has(index)).map(({ _id }) => _id);
    const known = new Map(
      repeated.length === 0 ? [] : (await events.listByKeys(repeated)).map((event) => [event._id, event]),
    );
    const receipts = documents.map((document, index): Receipt => {
      if (!taken.has(index)) return 'accepted';
      return known.get(document._id)?.digest === document.digest ? 'duplicate' : 'conflict';
    });

    // An event that is posted again gets deliveries that a crash left out; existing ones are kept.
    const fresh = documents.filter((_, index) => receipts[index] === 'accepted');
    const listCandidates = () =>
      [...fresh, ...known.values()].flatMap((document) =>
        toDeliveries(document, counts, context).map((delivery) => ({
          delivery,
          document,
          channel: served.get(delivery.channelId),
          isKnown: known.has(document._id),
        })),
      );
    const { due, repeats } = isComplete
      ? { due: wanted, repeats: new Set<string>() }
      : await insertUnrepeated(parts, listCandidates(), similar, now);
    const conflicts = new Set(
      documents.filter((_, index) => receipts[index] === 'conflict').map(({ _id }) => _id),
    );
    await endCounts(
      parts,
      due.filter(({ eventKey: key }) => !conflicts.has(key)),
      counts,
      now,
    );
    for (const { _id, decisions } of fresh)
      for (const decision of decisions)
        observer.decided(
          repeats.has(deliveryKey(_id, decision.channelId))
            ? { outcome: 'suppress', reason: 'repeated' }
            : decision,
        );
    const held = due.filter(({ state }) => state === 'held');
    const reevaluated = await reevaluateOutdated(held);
    const written = clock.now();
    const ready = due.filter(({ nextAttemptAt }) => nextAttemptAt <= written);
    const instants = [
      ...held.map(({ nextAttemptAt }) => nextAttemptAt),
      ...reevaluated.flatMap((each) => each.openings),
    ];
    return {
      receipts,
      channelIds: unique([
        ...ready.map(({ channelId }) => channelId),
        ...reevaluated.flatMap((each) => each.channelIds),
      ]),
      openings: unique(instants.map((at) => at.getTime())).map((at) => new Date(at)),
    };
  }

  return record;
}

/** Documents of some events, the positions of those events, and the positions of deferred events. */
type Round = { documents: EventDocument[]; indexes: number[]; deferred: number[] };

/** Last result of similar events in a channel that limits repeats. */
type RoundEnd = 'passing' | 'repeated' | 'deferred';

/**
 * An event that passes must wait until the similar events before it are recorded, and those after it wait for
 * it, so that each repeat is counted by the alert before it.
 */
function listLimited({ event, decisions }: EventDocument, served: Served): { key: string; end: RoundEnd }[] {
  return decisions.flatMap((decision) => {
    const { channelId } = decision;
    const channel = served.get(channelId);
    if (channel === undefined || !limitsRepeats(channel.rules.repeatAfter)) return [];
    if (decision.outcome === 'suppress' && decision.reason !== 'repeated') return [];
    const end = decision.outcome === 'suppress' ? 'repeated' : 'passing';
    return [{ key: JSON.stringify([channelId, similarKeyOf(event)]), end }];
  });
}

function keyOf(channelId: string, accountId: string | null): string {
  return JSON.stringify([channelId, accountId]);
}

function toTenancies(channelIds: readonly string[], served: Served): Tenancy[] {
  const wanted = new Set(channelIds);
  const channels = [...served.values()].filter(({ _id }) => wanted.has(_id));
  return channels.flatMap((channel) => tenancyOf(channel) ?? []);
}

function toExpectedChannel(
  { _id, rules, brokenAt, needsReevaluation, toSendable }: ServedChannel,
  readAt: number,
): ExpectedChannel {
  const mayHold = rules.timing !== 'at_once' || brokenAt !== null || needsReevaluation;
  return { _id, mayHold, toSendable, readAt };
}

function listSending(documents: readonly EventDocument[], served: Served): ServedChannel[] {
  const decisions = documents.flatMap((document) => document.decisions);
  const ids = unique(decisions.flatMap(({ outcome, channelId }) => (outcome === 'send' ? [channelId] : [])));
  return ids.flatMap((id) => {
    const channel = served.get(id);
    return channel?.status === 'active' ? [channel] : [];
  });
}
