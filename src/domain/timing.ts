import { z } from 'zod';
import { type BusinessWeek, isOpen, nextOpening, nextStart, weekFields } from './business-hours.ts';

export const businessHoursSchema = z.strictObject({
  kind: z.literal('business_hours'),
  ...weekFields,
  outside: z.enum(['digest', 'discard'], 'must be digest or discard'),
});

/** The digest is sent at the start of each day's hours; their end is not used. */
export const dailyDigestSchema = z.strictObject({ kind: z.literal('daily_digest'), ...weekFields });

export type BusinessHours = z.infer<typeof businessHoursSchema>;

/** People see this as "Quiet hours". */
export const timingSchema = z.union(
  [
    z.literal('at_once'),
    z.discriminatedUnion('kind', [businessHoursSchema, dailyDigestSchema], {
      error: ({ code }) => (code === 'invalid_union' ? 'must be business_hours or daily_digest' : undefined),
    }),
  ],
  { error: describeTimingFault },
);

export type Timing = z.infer<typeof timingSchema>;

/** Zod gives no path when both members of a union fail, so the message names the fields. */
export function describeTimingFault({ errors }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  const faults = errors[1] ?? [];
  if (faults.some(({ path, code }) => path.length === 0 && code === 'invalid_type'))
    return 'must be "at_once", or an object of the kind business_hours or daily_digest';
  return faults.map(({ path, message }) => [...path.slice(0, 1), message].join(' ')).join('; ');
}

export function weekOf(timing: Timing): BusinessWeek | undefined {
  return timing === 'at_once' ? undefined : timing;
}

export function isDailyDigest(timing: Timing): boolean {
  return timing !== 'at_once' && timing.kind === 'daily_digest';
}

/** Returns `now`, the next opening, or `null` for never. */
export function whenToSend(timing: Timing, now: Date): Date | null {
  if (timing === 'at_once') return now;
  if (timing.kind === 'daily_digest') return nextStart(timing, now);
  if (isOpen(timing, now)) return now;
  return timing.outside === 'discard' ? null : nextOpening(timing, now);
}
