import { describe, test } from 'vitest';
import { runTenancy } from '../../security/tenancy/run-tenancy.ts';

/**
 * Half of a thousand sequences, since two files run side by side. A part is small enough for the pages that an address may
 * open in a minute, and for a slow machine to get through it in time.
 */
export function testHalfOfTenancy(): void {
  const parts = Array.from({ length: 20 }, (_, index) => index + 1);
  describe('no account sees, sends or counts what belongs to another', () => {
    test.each(parts)('in 25 random sequences, part %i of 20', async () => {
      await runTenancy(25);
    });
  });
}
