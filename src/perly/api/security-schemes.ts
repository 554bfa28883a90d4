import type { ZodOpenApiComponentsObject } from 'zod-openapi';
import { tokenAudiences } from '../../lib/perly-token.ts';

const token =
  'A JWT: HS256, signed with a secret of PERLY_TOKEN_SECRETS, whose UTF-8 bytes are the key. `sub` is the account, `exp` at most 10 minutes ahead.';

export const securitySchemes = {
  apiToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: `${token} \`aud\` is \`${tokenAudiences.api}\`. Never in a URL.`,
  },
  connectToken: {
    type: 'apiKey',
    in: 'query',
    name: 'token',
    description: `${token} \`aud\` is \`${tokenAudiences.connect}\`; \`jti\` is any unique text. It works once, and only to connect a channel or to link a workspace. \`name\` (of the account) and \`return_url\` (on Perly’s origin) are optional.`,
  },
  adminToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: `${token} \`aud\` is \`${tokenAudiences.admin}\`.`,
  },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'Standard Webhooks: with `webhook-id` and `webhook-timestamp`, over the raw bytes of the body. Perly signs with a secret of PERLY_SECRETS; outgoing webhooks are signed with PERLY_NOTIFY_SECRETS. The key is the text after `whsec_`, base64-decoded.',
  },
} satisfies ZodOpenApiComponentsObject['securitySchemes'];
