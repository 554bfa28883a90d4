import { expect, test, vi } from 'vitest';
import type { PerlyEvent } from '../../src/domain/event.ts';
import type { Rules } from '../../src/domain/rules.ts';
import { createEventStore } from '../../src/store/events.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { setupChannel } from '../support/setup-channel.ts';
import { setupDatabase } from '../support/setup-database.ts';

const database = setupDatabase();

const eventsOf = (count: number): PerlyEvent[] =>
  Array.from({ length: count }, (_, index) => ({ ...sampleEvent('seed-example'), id: `evt_${index}` }));

/** Records the events, and returns how many bulk writes the process asked for. */
async function countBulkWrites(events: readonly PerlyEvent[], rules: Partial<Rules> = {}): Promise<number> {
  const { db, createProcess } = await setupChannel(database.db, rules);
  const insertWithDeliveries = vi.fn(createEventStore(db).insertWithDeliveries);
  const { receipts } = await createProcess({ insertWithDeliveries })(events);
  expect(receipts).toEqual(events.map(() => 'accepted'));
  return insertWithDeliveries.mock.calls.length;
}

test.each([
  [50, 'one bulk write', 1],
  // Two commands cost less.
  [51, 'no bulk write', 0],
])('%i events with an alert each are recorded with %s', async (count, _, bulkWrites) => {
  expect(await countBulkWrites(eventsOf(count))).toBe(bulkWrites);
  expect(await database.db.collection('deliveries').countDocuments()).toBe(count);
});

test('events that bring no alert are recorded without a bulk write', async () => {
  expect(await countBulkWrites(eventsOf(2), { eventTypes: ['upsell_opportunity'] })).toBe(0);
});
