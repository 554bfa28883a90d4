import { test } from 'vitest';
import { runTenancy } from './tenancy/run-tenancy.ts';

test('whatever three accounts do with the same channels, none sees, sends or counts what belongs to another', async () => {
  await runTenancy(2);
});
