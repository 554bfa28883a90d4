import { describe, test } from 'vitest';
import { runTenancy } from '../../security/tenancy/run-tenancy.ts';

/**
 * 512 sequences in all; each of two files runs half of them. A part is small enough for the rate limit of an address,
 * and for a slow machine.
 */
export function testHalfOfTenancy(): void {
  const parts = Array.from({ length: 8 }, (_, index) => index + 1);
  describe('no account sees, sends or counts what belongs to another', () => {
    test.each(parts)('in 32 random sequences, part %i of 8', async () => {
      await runTenancy(32);
    });
  });
}
