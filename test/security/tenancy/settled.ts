import { expect } from 'vitest';
import type { World } from './world.ts';

/** Nothing is pending that should be sent. */
export async function settled({ app, channels }: World): Promise<void> {
  const channelId = { $in: channels.map(({ id }) => id) };
  await expect
    .poll(() => app.db.collection('deliveries').countDocuments({ channelId, state: 'pending' }), {
      interval: 20,
    })
    .toBe(0);
}
