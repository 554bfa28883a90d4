import type { PerlyEvent } from '../domain/event.ts';
import type { ControlsByEvent } from './alert-controls.ts';
import { toVersion } from './alert-controls.ts';
import type { Arrivals, CustomerState } from './customer-state.ts';
import { countOf } from './labels.ts';

export interface DigestInput {
  /** In order of arrival, oldest first; at least one, all of one account. */
  events: readonly PerlyEvent[];
  arrivals?: Arrivals;
  reason: 'quiet_hours' | 'daily' | 'broken';
  /** Set if a digest is sent as several messages because Slack did not accept it as one. */
  part?: 'first' | 'continued';
  controls?: ControlsByEvent;
  revision?: number;
}

/** The message stores this, so that it can be rebuilt after an action. */
export type DigestFrame = Pick<DigestInput, 'reason' | 'part'>;

/** The id differs in each version of the message, as Slack wants it. */
export function toDigestId({ reason, part, revision = 0 }: DigestFrame & { revision?: number }): string {
  return `digest.${reason}.${part === undefined ? '' : `${part}.`}${toVersion(revision)}`;
}

export function readDigestId(blockId: string): DigestFrame | undefined {
  const [, reason, part] =
    /^digest\.(quiet_hours|daily|broken)\.(?:(first|continued)\.)?\d\d$/.exec(blockId) ?? [];
  if (reason !== 'quiet_hours' && reason !== 'daily' && reason !== 'broken') return undefined;
  return {
    reason,
    ...((part === 'first' || part === 'continued') && { part }),
  };
}

const reasons: Record<DigestInput['reason'], string> = {
  quiet_hours: 'While you were away',
  daily: 'Daily digest',
  broken: 'While this channel was broken',
};

/** `While you were away: 14 alerts, 9 customers` */
export function digestHeading({ events, reason, part }: DigestInput, customers: number): string {
  const opening = part === 'continued' ? `${reasons[reason]} (continued)` : reasons[reason];
  return `${opening}: ${countOf(events.length, 'alert')}, ${countOf(customers, 'customer')}`;
}

export function digestNotes({ part }: DigestInput, states: readonly CustomerState[]): string[] {
  return [
    ...riskOverview(states),
    ...(part === 'first' ? ['Slack did not accept this as one message: it continues below'] : []),
  ];
}

/** `and 37 more customers: see them in Perly` */
export function moreCustomers(count: number): string {
  return `and ${count} more ${count === 1 ? 'customer: see it' : 'customers: see them'} in Perly`;
}

/** Returns `By risk level: 1 critical, 3 high`, say; nothing for a single customer, whose entry says it. */
function riskOverview(states: readonly CustomerState[]): string[] {
  if (states.length === 1) return [];
  const times = new Map<string, number>();
  for (const { riskLevel } of states)
    if (riskLevel !== undefined) times.set(riskLevel, (times.get(riskLevel) ?? 0) + 1);
  if (times.size === 0) return [];
  return [`By risk level: ${[...times].map(([level, count]) => `${count} ${level}`).join(', ')}`];
}
