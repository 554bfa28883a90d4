import { expect, test } from 'vitest';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { buildDigest, toPlainDigest } from '../../src/messages/digest.ts';
import { controlsOn, marks } from '../support/alert-controls.ts';
import { busyNight, fortyCustomers, otherCustomers } from '../support/digest-samples.ts';
import { expectGolden } from '../support/expect-golden.ts';
import { sampleEvent } from '../support/sample-events.ts';

const everyone = [...busyNight, ...otherCustomers];
const hostile = sampleEvent('hostile');
const hostileNight: readonly PerlyEvent[] = [
  hostile,
  { ...hostile, id: 'evt_again', type: 'billing_retry_failed', occurred_at: '2026-03-03T09:00:00Z' },
  {
    ...hostile,
    id: 'evt_other',
    customer: { ...hostile.customer, id: '*<!here>*', name: '> <@U012AB3CD> &lt;' },
  },
];

test.each([
  ['one-alert', { events: [sampleEvent('seed-example')], reason: 'quiet_hours' }],
  ['one-customer', { events: busyNight, reason: 'quiet_hours' }],
  ['nine-customers', { events: everyone, reason: 'quiet_hours' }],
  ['forty-customers', { events: fortyCustomers, reason: 'broken' }],
  ['broken', { events: everyone, reason: 'broken' }],
  ['hostile', { events: hostileNight, reason: 'quiet_hours' }],
] as const)('a digest of %s is understood in ten seconds', async (name, input) => {
  await expectGolden(`digest-${name}`, buildDigest({ ...input, controls: controlsOn(input.events) }));
});

test('acknowledgements and mutes are shown in a digest', async () => {
  const done = (index: number) =>
    index < busyNight.length ? marks.acknowledged : index % 3 ? {} : marks.muted;
  const controls = controlsOn(everyone, done);
  await expectGolden(
    'digest-done',
    buildDigest({ events: everyone, reason: 'quiet_hours', controls, revision: 1 }),
  );
});

test('what Slack refuses as blocks is sent as text', async () => {
  await expectGolden('digest-plain', toPlainDigest({ events: everyone, reason: 'broken' }));
  await expectGolden(
    'digest-plain-forty-customers',
    toPlainDigest({ events: fortyCustomers, reason: 'broken' }),
  );
  await expectGolden('digest-plain-hostile', toPlainDigest({ events: hostileNight, reason: 'quiet_hours' }));
});

test('the samples match their names', () => {
  const customers = (events: readonly PerlyEvent[]) =>
    new Set(events.map(({ customer }) => customer.id)).size;
  expect([busyNight, everyone, fortyCustomers, hostileNight].map(customers)).toEqual([1, 9, 40, 2]);
  expect(everyone).toHaveLength(14);
});
