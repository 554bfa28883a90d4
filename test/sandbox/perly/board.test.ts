import { expect, test } from 'vitest';
import { createBoard } from '../../../sandbox/perly/board.ts';
import { createBodyParser } from '../../../src/perly/events-body.ts';

const at = new Date('2046-03-05T14:00:00Z');
const perlyAppUrl = 'http://127.0.0.1:4321';
const parse = createBodyParser(perlyAppUrl);
const buttons = createBoard({ accountId: 'acct_demo', perlyAppUrl });

test.each(buttons.filter(({ id }) => id !== 'invalid'))(
  '$id posts what the app accepts',
  async ({ id, make }) => {
    const { body, eventId } = make(at);
    const { valid, rejected } = await parse(JSON.stringify(body));
    expect(rejected).toEqual([]);
    expect(valid.map(({ event }) => event.id)).toContain(eventId);
    expect(valid).toHaveLength(id === 'burst' ? 40 : 1);
  },
);

test('one button posts what the app rejects', async () => {
  const refused = buttons.find(({ id }) => id === 'invalid');
  const { valid, rejected } = await parse(JSON.stringify(refused?.make(at).body));
  expect(valid).toEqual([]);
  expect(rejected).toMatchObject([{ errors: [{ path: 'health_score' }] }]);
});

test('every press posts new events', () => {
  const [first] = buttons;
  expect(first?.make(at).eventId).not.toBe(first?.make(at).eventId);
});
