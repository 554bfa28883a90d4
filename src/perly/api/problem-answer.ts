import { z } from 'zod';
import type { ZodOpenApiResponseObject } from 'zod-openapi';

const problemResource = z
  .object({
    type: z
      .string()
      .meta({ description: 'What to decide by.', examples: ['urn:perly-slack:problem:channel_unknown'] }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What happened, and what to do.' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'What is wrong with the request, each fault at its place.' }),
  })
  .meta({ id: 'Problem' });

/** A refusal, as the API's description has it (RFC 9457). */
export function problemAnswer(description: string): ZodOpenApiResponseObject {
  return { description, content: { 'application/problem+json': { schema: problemResource } } };
}
