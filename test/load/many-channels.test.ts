import { test } from 'vitest';
import { serveManyChannels } from '../support/serve-many-channels.ts';

test('5,000 channels with work at once are all served, and slow ones hold up nobody', () =>
  serveManyChannels(5000));
