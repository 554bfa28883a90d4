import type { z } from 'zod';

/** For values that nothing depends on. */
export function lenient<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}
