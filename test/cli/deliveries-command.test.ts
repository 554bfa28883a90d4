import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readDeliveriesCommand, usage } from '../../src/cli/deliveries-command.ts';

describe('the arguments of the deliveries command', () => {
  test.each([
    ['list', { verb: 'list', limit: 50 }],
    ['list --channel T1:C1 --limit 5', { verb: 'list', channelId: 'T1:C1', limit: 5 }],
    ['show a', { verb: 'show', id: 'a' }],
    ['retry a b', { verb: 'retry', ids: ['a', 'b'] }],
    ['retry --channel T1:C1', { verb: 'retry', channelId: 'T1:C1' }],
    ['retry --all', { verb: 'retry' }],
  ])('%s', (words, command) => {
    expect(readDeliveriesCommand(words.split(' '))).toEqual(command);
  });

  test.each([
    '',
    'drop',
    'list a',
    'list --limit x',
    'list --limit 0',
    'show',
    'show a b',
    'retry',
    'retry a --all',
    'retry --everything',
  ])('"%s" shows the usage', (words) => {
    const args = words.split(' ').filter((word) => word !== '');
    expect(() => readDeliveriesCommand(args)).toThrow(
      expect.objectContaining({ code: 'usage', message: usage }),
    );
  });
});

test('the operations document names only commands that work', () => {
  const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const named = [...text.matchAll(/`npm run deliveries -- ([^`]+)`/g)].map(([, args = '']) =>
    args.split(' '),
  );
  expect(named.length).toBeGreaterThan(2);
  for (const args of named) expect(() => readDeliveriesCommand(args)).not.toThrow();
});
