import { hourMs, minuteMs } from '../lib/time.ts';
import type { RemindAfter } from './rules.ts';

type Reminding = Exclude<RemindAfter, 'never'>;

const remindMs: Readonly<Record<Reminding, number>> = {
  '15_minutes': 15 * minuteMs,
  '1_hour': hourMs,
  '4_hours': 4 * hourMs,
};

export const shortestRemindMs = Math.min(...Object.values(remindMs));

export const remindNames: Readonly<Record<Reminding, string>> = {
  '15_minutes': '15 minutes',
  '1_hour': '1 hour',
  '4_hours': '4 hours',
};

export function isReminding(after: RemindAfter): after is Reminding {
  return after !== 'never';
}

/** Returns milliseconds. */
export function remindDelay(after: RemindAfter): number | undefined {
  return isReminding(after) ? remindMs[after] : undefined;
}

export function remindAt(sentAt: Date, after: RemindAfter): Date | undefined {
  const delay = remindDelay(after);
  return delay === undefined ? undefined : new Date(sentAt.getTime() + delay);
}

/** Returns `15 minutes`, `1 hour`, `26 hours` and the like. */
export function describeOpenTime(openMs: number): string {
  const minutes = Math.max(1, Math.floor(openMs / minuteMs));
  const [count, unit] = minutes < 60 ? [minutes, 'minute'] : [Math.floor(minutes / 60), 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
