import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { supportedFeatures } from '../../packages/embedded-mongo/test/support/supported-list.ts';

/** Written by `npm run record:commands` from the commands of all tests, the demo and Agenda. */
const recorded = readFileSync(new URL('recording/features.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');

/** Features that the embedded database supports beyond the recorded ones, and why. */
const others: [pattern: RegExp, reason: string][] = [
  [/^(?:command|option) (?:hello|ismaster)\b/, 'the handshake of the driver, which it does not report'],
  [/ killCursors\b/, 'the driver ends a cursor that nobody reads to its end'],
  [/^option \w+\.(?:\$db|comment|writeConcern)$/, 'options of every command'],
  [/^option getMore\.batchSize$/, 'the driver repeats the batch size of the cursor'],
  [/^option explain\.verbosity$/, 'belongs to the command'],
  [/^option (?:find|aggregate|listCollections|listIndexes|distinct)\./, 'belongs to the command'],
  [/^query \$nor$/, 'goes with $or'],
  [/^update \$max$/, 'goes with $min'],
  [/^accumulator \$(?:min|max)$/, 'the expressions of the same name'],
  [/^stage \$skip$/, 'goes with $limit'],
  [/^(?:update )?stage \$(?:set|unset|replaceWith|addFields|project)$/, 'the same stages serve both'],
  [/^expression \$(?:gte?|lt|and|not)$/, 'go with $lte, $eq and $or'],
];

test('the embedded database supports every feature that was recorded', () => {
  expect(recorded.length).toBeGreaterThan(100);
  const supported = supportedFeatures();
  expect(recorded.filter((feature) => !supported.has(feature))).toEqual([]);
});

test('what else it supports has a reason', () => {
  const unexplained = [...supportedFeatures()].filter(
    (feature) => !recorded.includes(feature) && !others.some(([pattern]) => pattern.test(feature)),
  );
  expect(unexplained).toEqual([]);
});
