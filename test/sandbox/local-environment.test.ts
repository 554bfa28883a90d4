import { expect, test } from 'vitest';
import { findFreePort } from '../../sandbox/local-environment.ts';

test('a port is handed out once, even while nobody listens on it', async () => {
  const ports = await Promise.all(Array.from({ length: 60 }, () => findFreePort([9_000, 9_600])));
  expect(new Set(ports).size).toBe(60);
});
