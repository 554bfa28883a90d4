import { z } from 'zod';
import type { ZodOpenApiPathItemObject } from 'zod-openapi';
import { webhookEventResource } from '../webhooks/webhook-event.ts';

export const outgoingWebhook: Record<string, ZodOpenApiPathItemObject> = {
  PERLY_NOTIFY_URL: {
    post: {
      operationId: 'channelChanged',
      tags: ['Outgoing webhook'],
      summary: 'A channel was connected, restored, broken or disconnected',
      description:
        'Signed as Standard Webhooks specifies, with the newest secret of PERLY_NOTIFY_SECRETS. The messages about a channel arrive in order, as far as the clocks of the app’s processes agree. A message that is not answered with 2xx within ten seconds is sent again with the same `webhook-id`, for about 28 hours; a message may arrive twice.',
      security: [{ signature: [] }],
      requestParams: {
        header: z.object({
          'webhook-id': z.string(),
          'webhook-timestamp': z.string(),
          'webhook-signature': z.string(),
        }),
      },
      requestBody: { required: true, content: { 'application/json': { schema: webhookEventResource } } },
      responses: { 204: { description: 'Received. Any 2xx will do.' } },
    },
  },
};
