import { readFileSync } from 'node:fs';
import type { PerlyEvent } from '../../src/domain/event.ts';

/** The sample events, by file name; one for each type, and a hostile one. */
export const sampleNames = [
  'seed-example',
  'customer-at-risk',
  'expansion-signal',
  'upsell-opportunity',
  'billing-retry-failed',
  'hostile',
] as const;

/** A sample event as it stands in its file: the hostile one has a signal that is longer than what is kept of it. */
export function sampleEvent(name: (typeof sampleNames)[number]): PerlyEvent {
  const file = new URL(`../../sandbox/events/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}
