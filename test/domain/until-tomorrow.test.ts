import { expect, test } from 'vitest';
import { untilTomorrow } from '../../src/domain/business-hours.ts';
import type { BusinessHours } from '../../src/domain/timing.ts';
import { businessHours } from '../support/business-hours.ts';

const berlin = businessHours({ timeZone: 'Europe/Berlin' });

test.each<[what: string, hours: BusinessHours | undefined, now: string, end: string]>([
  ['without business hours it is a day', undefined, '2046-03-05T14:00:00Z', '2046-03-06T14:00:00Z'],
  ['tomorrow is when business hours open', berlin, '2046-03-05T14:00:00Z', '2046-03-06T08:00:00Z'],
  ['tomorrow is in their time zone', berlin, '2046-03-05T23:30:00Z', '2046-03-07T08:00:00Z'],
  ['after Friday comes Monday', berlin, '2046-03-09T10:00:00Z', '2046-03-12T08:00:00Z'],
  ['a change of the clock moves it', berlin, '2046-03-23T10:00:00Z', '2046-03-26T07:00:00Z'],
  [
    'hours that run over midnight are open at midnight',
    businessHours({ timeZone: 'Europe/Berlin', start: '22:00', end: '06:00' }),
    '2046-03-05T22:00:00Z',
    '2046-03-05T23:00:00Z',
  ],
])('%s', (_what, hours, now, end) => {
  expect(untilTomorrow(hours, new Date(now))).toEqual(new Date(end));
});
