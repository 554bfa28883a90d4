import type { PerlyEvent } from '../domain/event.ts';
import { isRepeat } from '../domain/repeats.ts';
import { groupBy, unique } from '../lib/group-by.ts';
import type { Channel } from '../store/channels/document.ts';
import { type DeliveryDocument, deliveryKey } from '../store/deliveries/document.ts';
import type { SimilarAlert } from '../store/deliveries/repeats.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventDocument } from '../store/event-document.ts';
import { type EventStore, sequencesPerMs } from '../store/events.ts';
import {
  type Counted,
  claimMs,
  findCounting,
  groupSimilar,
  listCounting,
  type SimilarAlerts,
  similarKeyOf,
  toRecent,
  withFreeClaims,
  withoutClaims,
} from './repeats.ts';

type Stores = { deliveries: DeliveryStore; events: EventStore };

/** By the id of each delivery that passes: its count of repeats, and the alerts that no longer count. */
export type RepeatCounts = ReadonlyMap<
  string,
  { counted: Counted | undefined; ending: readonly SimilarAlert[] }
>;

/** A delivery to record. `isKnown`: its event was recorded before, so the delivery may have been too. */
type Candidate = {
  delivery: DeliveryDocument;
  document: EventDocument;
  channel: Channel | undefined;
  isKnown: boolean;
};

/**
 * Counts the repeats before each event that passes. If an event is a repeat, an alert begins to count them
 * until one passes: before the event is recorded, so that no repeat is lost in a crash.
 */
export async function countRepeats(
  stores: Stores,
  documents: readonly EventDocument[],
  similar: SimilarAlerts,
  now: Date,
): Promise<RepeatCounts> {
  const passing: Passing[] = [];
  const ending = new Map<string, readonly SimilarAlert[]>();
  const repeated: (readonly SimilarAlert[])[] = [];
  for (const { _id, event, decisions } of documents)
    for (const decision of decisions) {
      const { channelId, outcome } = decision;
      const own = similar(channelId, event);
      if (outcome !== 'suppress') {
        const id = deliveryKey(_id, channelId);
        const counting = own.filter(({ repeat }) => repeat.isCounting);
        if (counting.length > 0) ending.set(id, counting);
        const [first, ...others] = listCounting(own).toSorted((a, b) => a.sequence - b.sequence);
        if (first !== undefined) passing.push({ id, event, channelId, counting: [first, ...others] });
      } else if (decision.reason === 'repeated') repeated.push(own);
    }
  const counted = await countPassing(stores, passing);
  await beginCounts(stores, repeated, now);
  return new Map([...ending].map(([id, alerts]) => [id, { counted: counted.get(id), ending: alerts }]));
}

/** `counting`: oldest first. */
type Passing = {
  id: string;
  event: PerlyEvent;
  channelId: string;
  counting: readonly [SimilarAlert, ...SimilarAlert[]];
};

async function countPassing(
  { events }: Stores,
  passing: readonly Passing[],
): Promise<ReadonlyMap<string, Counted>> {
  const counts = await events.countNotRepeated(
    passing.map(({ event, channelId, counting }) => ({
      event,
      channelId,
      counting: counting.map(({ _id }) => _id),
      // An event that was decided at the same moment may have a lower sequence.
      after: counting[0].sequence - claimMs * sequencesPerMs,
    })),
  );
  return new Map(
    passing.flatMap(({ id, counting }, index) => {
      const [first] = counting;
      const count = counts[index] ?? 0;
      const notRepeated = { count, since: first.finishedAt ?? first.createdAt };
      return count === 0 ? [] : [[id, { notRepeated, endsCountsOf: counting.map(({ _id }) => _id) }]];
    }),
  );
}

/** @param repeated the similar alerts of each repeat */
async function beginCounts(
  { deliveries }: Stores,
  repeated: readonly (readonly SimilarAlert[])[],
  now: Date,
): Promise<void> {
  const ids = repeated.flatMap((similar) => {
    const counting = findCounting(similar);
    return counting === undefined || counting.repeat.isCounting ? [] : [counting._id];
  });
  if (ids.length > 0) await deliveries.beginCount(unique(ids), now);
}

/** Ends only counts of earlier alerts: an event that is posted again must not end later ones. */
export async function endCounts(
  { deliveries }: Stores,
  recorded: readonly DeliveryDocument[],
  counts: RepeatCounts,
  now: Date,
): Promise<void> {
  const ids = recorded.flatMap(({ _id, sequence }) =>
    (counts.get(_id)?.ending ?? []).flatMap((alert) => (alert.sequence < sequence ? [alert._id] : [])),
  );
  if (ids.length > 0) await deliveries.endCount(unique(ids), now);
}

/**
 * Suppresses an alert that repeats one recorded since its event was decided.
 * @returns the deliveries that are recorded now, and the ids of the repeats
 */
export async function insertUnrepeated(
  stores: Stores,
  candidates: readonly Candidate[],
  similar: SimilarAlerts,
  now: Date,
): Promise<{ due: DeliveryDocument[]; repeats: ReadonlySet<string> }> {
  const { deliveries } = stores;
  const mayRepeat = ({ isKnown, delivery, document }: Candidate) =>
    isKnown && delivery.repeat !== undefined && similar(delivery.channelId, document.event).length > 0;
  const usual = candidates.filter((candidate) => !mayRepeat(candidate));
  const taken = await deliveries.insert(usual.map(({ delivery }) => delivery));
  const collides = ({ delivery }: Candidate, index: number) =>
    taken.has(index) && delivery.repeat !== undefined;
  const possibleRepeats = [...candidates.filter(mayRepeat), ...usual.filter(collides)];
  const due = usual.filter((each, index) => !collides(each, index)).map(({ delivery }) => delivery);
  if (possibleRepeats.length === 0) return { due, repeats: new Set() };
  const compared = await insertPossibleRepeats(stores, possibleRepeats, now);
  return { due: [...due, ...compared.due], repeats: compared.repeats };
}

/** A further attempt is needed if another process recorded a similar alert meanwhile, which is rare. */
const maxAttempts = 5;

async function insertPossibleRepeats(
  stores: Stores,
  possibleRepeats: readonly Candidate[],
  now: Date,
  attempts = 0,
): Promise<{ due: DeliveryDocument[]; repeats: ReadonlySet<string> }> {
  const { deliveries, events } = stores;
  const [known, similar] = await Promise.all([
    deliveries.listByIds(possibleRepeats.map(({ delivery }) => delivery._id)),
    deliveries.listSimilar(unique(possibleRepeats.map(({ document }) => similarKeyOf(document.event))), now),
  ]);
  const existing = new Set(known.map(({ _id }) => _id));
  const recordedBefore = groupSimilar(similar);
  const recordedNow = new Map<string, SimilarAlert[]>();
  const due: DeliveryDocument[] = [];
  const missing: DeliveryDocument[] = [];
  const repeated: (Candidate & { own: readonly SimilarAlert[] })[] = [];
  for (const candidate of possibleRepeats) {
    const { delivery, document, channel } = candidate;
    if (existing.has(delivery._id)) {
      due.push(delivery);
      continue;
    }
    const key = JSON.stringify([delivery.channelId, similarKeyOf(document.event)]);
    const passed = recordedNow.get(key) ?? [];
    const own = [...recordedBefore(delivery.channelId, document.event), ...passed];
    if (
      channel !== undefined &&
      isRepeat(document.event.risk_level, toRecent(own, channel, now), channel.rules.repeatAfter, now)
    ) {
      repeated.push({ ...candidate, own });
      continue;
    }
    const free = withFreeClaims(delivery, own);
    const compared = attempts < maxAttempts ? free : withoutClaims(free);
    missing.push(compared);
    if (compared.repeat !== undefined)
      recordedNow.set(key, [...passed, { ...compared, repeat: compared.repeat }]);
  }
  const taken = await deliveries.insert(missing);
  if (taken.size > 0 && attempts < maxAttempts)
    return insertPossibleRepeats(stores, possibleRepeats, now, attempts + 1);
  due.push(...missing);
  await beginCounts(
    stores,
    repeated.map(({ own }) => own),
    now,
  );
  for (const [document, of] of groupBy(repeated, (each) => each.document))
    await events.suppressRepeated(
      document,
      new Map(of.map(({ delivery, own }) => [delivery.channelId, findCounting(own)?._id])),
    );
  return { due, repeats: new Set(repeated.map(({ delivery }) => delivery._id)) };
}
