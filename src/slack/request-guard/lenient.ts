import type { z } from 'zod';

/** A value that nothing depends on: one of another type is as if it were absent. */
export function lenient<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}
