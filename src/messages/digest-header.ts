import type { PerlyEvent } from '../domain/event.ts';
import type { ControlsByEvent } from './alert-controls.ts';
import { toVersion } from './alert-controls.ts';
import type { Arrivals, CustomerState } from './customer-state.ts';
import { countOf } from './labels.ts';

/** What a digest tells. */
export interface DigestInput {
  /** In order of arrival, the oldest first; at least one, all of one account. */
  events: readonly PerlyEvent[];
  /** When they came: see `orderingTime`. */
  arrivals?: Arrivals;
  /** Why they were held. */
  reason: 'quiet_hours' | 'broken';
  /**
   * Which part of a digest that comes in several messages, since Slack did not take it in one: the first one, or one
   * that continues it.
   */
  part?: 'first' | 'continued';
  /** What can be done with them, and was done. */
  controls?: ControlsByEvent;
  /** How often the message was replaced. */
  revision?: number;
}

/** What a digest says of itself, to be built anew when somebody did something with one of its entries. */
export type DigestFrame = Pick<DigestInput, 'reason' | 'part'>;

/** The `block_id` of a digest's heading: another one in each version of the message, as Slack wants it. */
export function toDigestId({ reason, part, revision = 0 }: DigestFrame & { revision?: number }): string {
  return `digest.${reason}.${part === undefined ? '' : `${part}.`}${toVersion(revision)}`;
}

/** What the `block_id` of a digest's heading says; `undefined` for any other block. */
export function readDigestId(blockId: string): DigestFrame | undefined {
  const [, reason, part] = /^digest\.(quiet_hours|broken)\.(?:(first|continued)\.)?\d\d$/.exec(blockId) ?? [];
  if (reason !== 'quiet_hours' && reason !== 'broken') return undefined;
  return {
    reason,
    ...((part === 'first' || part === 'continued') && { part }),
  };
}

const reasons: Record<DigestInput['reason'], string> = {
  quiet_hours: 'While you were away',
  broken: 'While this channel was broken',
};

/** `While you were away: 14 alerts, 9 customers` */
export function digestHeading({ events, reason, part }: DigestInput, customers: number): string {
  const opening = part === 'continued' ? `${reasons[reason]} (continued)` : reasons[reason];
  return `${opening}: ${countOf(events.length, 'alert')}, ${countOf(customers, 'customer')}`;
}

/** What the heading does not say: how bad it is in all, and what is missing. May be none. */
export function digestNotes({ part }: DigestInput, states: readonly CustomerState[]): string[] {
  return [
    ...riskOverview(states),
    ...(part === 'first' ? ['Slack did not take this in one message: it continues below'] : []),
  ];
}

/** `and 37 more customers: see them in Perly` */
export function moreCustomers(count: number): string {
  return `and ${count} more ${count === 1 ? 'customer: see it' : 'customers: see them'} in Perly`;
}

/** `By risk level: 1 critical, 3 high`; a single customer's own entry says it. */
function riskOverview(states: readonly CustomerState[]): string[] {
  if (states.length === 1) return [];
  const times = new Map<string, number>();
  // Already the worst first, so that the levels come in that order too.
  for (const { riskLevel } of states)
    if (riskLevel !== undefined) times.set(riskLevel, (times.get(riskLevel) ?? 0) + 1);
  if (times.size === 0) return [];
  return [`By risk level: ${[...times].map(([level, count]) => `${count} ${level}`).join(', ')}`];
}
