import { describe, test } from 'vitest';
import { runTenancy } from '../../security/tenancy/run-tenancy.ts';

/**
 * 512 sequences, half of them all, since two files run side by side. A part is small enough for the pages that an address may
 * open in a minute, and for a slow machine to get through it in time.
 */
export function testHalfOfTenancy(): void {
  const parts = Array.from({ length: 16 }, (_, index) => index + 1);
  describe('no account sees, sends or counts what belongs to another', () => {
    test.each(parts)('in 32 random sequences, part %i of 16', async () => {
      await runTenancy(32);
    });
  });
}
