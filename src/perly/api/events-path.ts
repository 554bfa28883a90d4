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
      .meta({ description: 'The rejected events of a batch.' }),
    warnings: z
      .array(z.object({ index: z.int(), id: z.string(), path: z.string(), message: z.string() }))
      .meta({ description: 'What was cut from accepted events.' }),
  })
  .meta({ id: 'Receipt' });

/** Events are signed, and do not use tokens like everything else. */
export function eventsPath(perlyOrigin: string): ZodOpenApiPathsObject {
  const event = eventSchema(perlyOrigin).meta({ id: 'Event' });
  const batch = z.object({ events: z.array(event).min(1).max(maxEventsPerBatch) });
  const string = z.string();
  return {
    '/perly/events': {
      post: {
        operationId: 'postEvents',
        tags: ['Events'],
        summary: 'Post an event or a batch of events',
        description:
          'Sending the same body again is always safe: an event’s id is its idempotency key. Sign each retry with a new timestamp. Unknown keys are ignored, and `null` for an optional field is the same as leaving it out. Texts and lists beyond their display length are cut, and listed in `warnings`.',
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
            description: 'Stored. Alerts are sent to Slack afterwards.',
            content: { 'application/json': { schema: receipt } },
          },
          400: problemAnswer('Not JSON in UTF-8.'),
          401: problemAnswer('The signature is missing or wrong, or its timestamp is out of bounds.'),
          409: problemAnswer('The event’s id was already used with other content.'),
          413: problemAnswer('More than 1 MiB.'),
          415: problemAnswer('Not `application/json`, or compressed.'),
          422: problemAnswer('The event, or every event of the batch, is not valid.'),
          429: problemAnswer(
            'Too many events of an account within a minute. Nothing was accepted. Send the body again after `Retry-After` seconds.',
          ),
          408: problemAnswer('The body took too long to arrive.'),
          503: problemAnswer(
            'The database is unavailable, or too many bodies are arriving. Some of the events may have been stored, and count as duplicates next time. Send the same body again after `Retry-After` seconds.',
          ),
        },
      },
    },
  };
}
