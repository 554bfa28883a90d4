import fc from 'fast-check';
import { arbitraryEvent } from '../../support/arbitrary-event.ts';
import { sampleEvent } from '../../support/sample-events.ts';
import { type FuzzInput, requestsTo } from './fuzz-input.ts';
import { mangled, mutated, toText } from './mutations.ts';

const names = [
  'seed-example',
  'customer-at-risk',
  'billing-retry-failed',
  'expansion-signal',
  'hostile',
] as const;

/** Few are for an account with a channel, since Slack accepts one message a second. */
const account = fc.nat({ max: 99 }).map((one) => (one === 0 ? 'acct_demo' : `acct_${one % 7}`));

const sample = fc
  .record({ name: fc.constantFrom(...names), id: fc.nat({ max: 5000 }), account })
  .map(({ name, id, account }) => ({ ...sampleEvent(name), id: `evt_${id}`, account_id: account }));

const event = fc.oneof({ arbitrary: sample, weight: 30 }, { arbitrary: arbitraryEvent, weight: 1 });

const batch = fc.array(mutated(event), { maxLength: 5 }).map((events) => ({ events }));

const body = fc.oneof(
  { arbitrary: mutated(event), weight: 60 },
  { arbitrary: batch, weight: 10 },
  { arbitrary: mutated(batch), weight: 10 },
  { arbitrary: fc.jsonValue(), weight: 5 },
  { arbitrary: fc.constantFrom(1000, 1001).map((many) => ({ events: Array(many).fill({}) })), weight: 1 },
);

const tooLong = fc.constant(JSON.stringify({ id: 'x'.repeat(1024 * 1024) }));
const text = fc.oneof({ arbitrary: body.map(toText), weight: 400 }, { arbitrary: tooLong, weight: 1 });

/** Bodies for `/perly/events`: valid events, and nearly valid ones. */
export const eventsInputs: fc.Arbitrary<FuzzInput> = requestsTo(
  { method: 'POST', path: '/perly/events', headers: { 'content-type': 'application/json' } },
  mangled(text),
);
