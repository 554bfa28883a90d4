import type { z } from 'zod';

/** Treats a value of another type as absent, for values that nothing depends on. */
export function lenient<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}
