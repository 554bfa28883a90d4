import { test } from 'vitest';
import { serveManyChannels } from '../support/serve-many-channels.ts';

// With thousands of channels: test/load/many-channels.test.ts.
test('channels with work at the same time are all served, and slow ones hold up nobody', () =>
  serveManyChannels(150));
