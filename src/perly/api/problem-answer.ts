import { z } from 'zod';
import type { ZodOpenApiResponseObject } from 'zod-openapi';

const problemResource = z
  .object({
    type: z.string().meta({
      description: 'The error’s code, for programs.',
      examples: ['urn:perly-slack:problem:channel_unknown'],
    }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What happened and what to do, for people.' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'The errors in the request, each with its path.' }),
  })
  .meta({ id: 'Problem' });

export function problemAnswer(description: string): ZodOpenApiResponseObject {
  return { description, content: { 'application/problem+json': { schema: problemResource } } };
}
