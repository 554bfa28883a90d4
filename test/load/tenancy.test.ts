import { describe, test } from 'vitest';
import { runTenancy } from '../security/tenancy/run-tenancy.ts';

/** A thousand sequences, in parts that a slow machine gets through in time. */
const parts = Array.from({ length: 20 }, (_, index) => index + 1);

describe('no account sees, sends or counts what is another’s', () => {
  test.each(parts)('in fifty random sequences, part %i of 20', async () => {
    await runTenancy(50);
  });
});
