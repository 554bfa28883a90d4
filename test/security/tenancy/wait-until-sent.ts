import { expect } from 'vitest';
import type { Scenario } from './scenario.ts';

export async function waitUntilSent({ app, channels }: Scenario): Promise<void> {
  const channelId = { $in: channels.map(({ id }) => id) };
  await expect
    .poll(() => app.db.collection('deliveries').countDocuments({ channelId, state: 'pending' }), {
      interval: 20,
    })
    .toBe(0);
}
