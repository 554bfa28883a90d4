import { readFileSync } from 'node:fs';
import type { PerlyEvent } from '../../src/domain/event.ts';

/** File names without the extension: one sample for each type, and a hostile one. */
export const sampleNames = [
  'seed-example',
  'customer-at-risk',
  'expansion-signal',
  'upsell-opportunity',
  'billing-retry-failed',
  'hostile',
] as const;

/** The hostile one has a signal that is longer than its display length. */
export function sampleEvent(name: (typeof sampleNames)[number]): PerlyEvent {
  const file = new URL(`../../sandbox/events/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}
