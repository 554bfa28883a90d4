import { expect, test } from 'vitest';
import { createAppProcess } from './app-process.ts';

test('a start ends that a kill overtook before the process listened', async () => {
  const app = createAppProcess({
    slot: 0,
    // It ends without listening.
    app: 'test/faults/preload.mjs',
    folder: process.cwd(),
    env: { PORT: '1' },
    onLine() {},
    onDeath() {},
  });
  const started = app.start();
  await app.kill();
  await expect(started).resolves.toBeUndefined();
});
