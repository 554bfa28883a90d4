import { describe, test } from 'vitest';
import { runTenancy } from '../../security/tenancy/run-tenancy.ts';

/** Half of a thousand sequences, in parts that a slow machine gets through in time. Two files run side by side. */
export function testHalfOfTenancy(): void {
  const parts = Array.from({ length: 10 }, (_, index) => index + 1);
  describe('no account sees, sends or counts what is another’s', () => {
    test.each(parts)('in fifty random sequences, part %i of 10', async () => {
      await runTenancy(50);
    });
  });
}
