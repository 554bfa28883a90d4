import { expect, test } from 'vitest';
import { readTime, writeTime } from '../../../sandbox/ui/page/elements/wall-time.ts';

test.each([
  ['9:30', 570],
  ['09:30', 570],
  ['9 am', 540],
  ['12 am', 0],
  ['12:15 PM', 735],
  ['9pm', 1260],
  ['23:59', 1439],
  ['24:00', undefined],
  ['13 pm', undefined],
  ['9:7', undefined],
  ['noon', undefined],
])('a time typed as %j is %j minutes after midnight', (text, minutes) => {
  expect(readTime(text)).toBe(minutes);
});

test.each([0, 540, 719, 720, 1439])('%d minutes after midnight read back the same', (minutes) => {
  const { value, label } = writeTime(minutes);
  expect([readTime(value), readTime(label)]).toEqual([minutes, minutes]);
});
