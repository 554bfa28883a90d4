import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { eventSchema } from '../../domain/event.ts';
import { maxEventsPerBatch } from '../events-body.ts';
import { eventExample } from './examples.ts';
import { problemAnswer } from './problem-answer.ts';

const fault = z.object({ path: z.string(), message: z.string() });

const receipt = z
  .object({
    accepted: z.int(),
    duplicates: z.int(),
    rejected: z
      .array(z.object({ index: z.int(), id: z.string().nullable(), errors: z.array(fault) }))
      .meta({ description: 'The events of a batch that are not taken.' }),
    warnings: z
      .array(z.object({ index: z.int(), id: z.string(), path: z.string(), message: z.string() }))
      .meta({ description: 'What was cut from events that are taken.' }),
  })
  .meta({ id: 'Receipt' });

/** How events are posted: signed, and not with a token as everything else. */
export function eventsPath(perlyOrigin: string): ZodOpenApiPathsObject {
  const event = eventSchema(perlyOrigin).meta({ id: 'Event' });
  const batch = z.object({ events: z.array(event).min(1).max(maxEventsPerBatch) });
  const string = z.string();
  return {
    '/perly/events': {
      post: {
        operationId: 'postEvents',
        tags: ['Events'],
        summary: 'Post an event, or a batch of them',
        description:
          'Sending the same body again is always safe: an event’s id is its idempotency key. Sign each retry anew. Unknown keys are ignored, and `null` for an optional field is the same as leaving it out. Texts and lists that are longer than they are shown are cut, and named in `warnings`.',
        security: [{ signature: [] }],
        requestParams: {
          header: z.object({
            'webhook-id': string.meta({ description: 'Any unique id.' }),
            'webhook-timestamp': string.meta({
              description: 'Seconds since 1970, within five minutes of now.',
            }),
            'webhook-signature': string.meta({ description: '`v1,<base64>`; several, separated by spaces.' }),
          }),
        },
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: z.union([event, batch]),
              examples: {
                event: { value: eventExample },
                batch: { value: { events: [eventExample] } },
              },
            },
          },
        },
        responses: {
          202: {
            description: 'In the database; what is sent to Slack follows.',
            content: { 'application/json': { schema: receipt } },
          },
          400: problemAnswer('Not JSON in UTF-8.'),
          401: problemAnswer('The signature is missing or wrong, or its time is out of bounds.'),
          409: problemAnswer('The event’s id was taken with other content.'),
          413: problemAnswer('More than 1 MiB.'),
          415: problemAnswer('Another type than JSON, or compressed.'),
          422: problemAnswer('The event, or every event of the batch, is not valid.'),
          429: problemAnswer(
            'Too many events of an account within a minute: nothing was taken. Send it after `Retry-After` seconds.',
          ),
          408: problemAnswer('The body took too long to arrive.'),
          503: problemAnswer(
            'The database is away, or too many bodies are arriving. Some of the events may be recorded already, and are duplicates when they come again: send the same body after `Retry-After` seconds.',
          ),
        },
      },
    },
  };
}
