import { z } from 'zod';
import type { ZodOpenApiPathItemObject } from 'zod-openapi';
import { webhookEventResource } from '../webhooks/webhook-event.ts';

/** What Perly is told, at PERLY_NOTIFY_URL. */
export const outgoingWebhook: Record<string, ZodOpenApiPathItemObject> = {
  PERLY_NOTIFY_URL: {
    post: {
      operationId: 'notice',
      tags: ['What Perly is told'],
      summary: 'A channel was connected, changed, broke or went',
      description:
        'Signed as Standard Webhooks says, with the newest secret of PERLY_NOTIFY_SECRETS. The notices of a channel come in order. What is not answered with 2xx within ten seconds is sent again, with the same `webhook-id`, for about 28 hours; the same notice may come twice.',
      security: [{ signature: [] }],
      requestParams: {
        header: z.object({
          'webhook-id': z.string(),
          'webhook-timestamp': z.string(),
          'webhook-signature': z.string(),
        }),
      },
      requestBody: { required: true, content: { 'application/json': { schema: webhookEventResource } } },
      responses: { 204: { description: 'Perly has it. Any 2xx will do.' } },
    },
  },
};
