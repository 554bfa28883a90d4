import { expect, test } from 'vitest';
import { createBodyParser } from '../../src/perly/events-body.ts';
import { sampleEvent } from '../support/sample-events.ts';

const event = (account: unknown, id: string) => ({ ...sampleEvent('seed-example'), id, account_id: account });
const batch = (account: unknown) =>
  JSON.stringify({ events: Array.from({ length: 1000 }, (_, index) => event(account, `evt_${index}`)) });

/** Parses bodies that arrived in this order. @returns their names in the order in which they were finished */
async function orderOf(bodies: [name: string, body: string][]): Promise<string[]> {
  const parse = createBodyParser('https://app.perly.ai');
  const done: string[] = [];
  await Promise.all(bodies.map(([name, body]) => parse(body).then(() => done.push(name))));
  return done;
}

test('a single event is validated before earlier large batches', async () => {
  const order = await orderOf([
    ['a1', batch('a')],
    ['a2', batch('a')],
    ['b', JSON.stringify(event('b', 'evt_1'))],
  ]);
  expect(order).toEqual(['b', 'a1', 'a2']);
});

test('accounts take turns with large batches', async () => {
  const order = await orderOf([
    ['a1', batch('a')],
    ['a2', batch('a')],
    ['a3', batch('a')],
    ['b1', batch('b')],
  ]);
  expect(order.indexOf('b1')).toBeLessThan(order.indexOf('a2'));
});

test('a batch without any account is validated like any other', async () => {
  const items = Array.from(
    { length: 30 },
    (_, index) => [null, 7, [], {}, { account_id: { toString: 1 } }][index % 5],
  );
  const { valid, rejected } = await createBodyParser('https://app.perly.ai')(
    JSON.stringify({ events: items }),
  );
  expect([valid.length, rejected.length]).toEqual([0, 30]);
  await expect(orderOf([['x', batch({ toString: 1 })]])).resolves.toEqual(['x']);
});
