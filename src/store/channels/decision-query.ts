import type { Document, Filter } from 'mongodb';
import { type SimilarAlert, similarStages } from '../deliveries/repeats.ts';
import { type Mute, mutesOf } from '../mutes.ts';
import type { ChannelDocument } from './document.ts';

/** The accounts and customers of some events, and the keys of alerts that are similar to them (`similarKey`). */
export type DecisionQuery = {
  accountIds: readonly string[];
  customerIds: readonly string[];
  similarKeys: readonly string[];
  now: Date;
};

export type DecisionParts<Serving> = { channels: Serving[]; mutes: Mute[]; similar: SimilarAlert[] };

export type DecisionPart = ChannelDocument | Mute | SimilarAlert;

/** Pipeline that reads everything that decisions about events depend on, from all collections at once. */
export function decisionStages(
  serving: Filter<ChannelDocument>,
  { accountIds, customerIds, similarKeys, now }: DecisionQuery,
): Document[] {
  const muted = [{ $match: mutesOf(accountIds, customerIds) }, { $project: { outbox: 0 } }];
  return [
    { $match: serving },
    { $project: { outbox: 0 } },
    { $unionWith: { coll: 'mutes', pipeline: muted } },
    { $unionWith: { coll: 'deliveries', pipeline: similarStages(similarKeys, now) } },
  ];
}

export function sortDecisionParts<Serving>(
  found: readonly DecisionPart[],
  toServing: (channel: ChannelDocument) => Serving,
): DecisionParts<Serving> {
  const parts: DecisionParts<Serving> = { channels: [], mutes: [], similar: [] };
  for (const each of found)
    if ('customerId' in each) parts.mutes.push(each);
    else if ('repeat' in each) parts.similar.push(each);
    else parts.channels.push(toServing(each));
  return parts;
}
