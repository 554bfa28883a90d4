import type { ZodOpenApiComponentsObject } from 'zod-openapi';
import { tokenAudiences } from '../../lib/perly-token.ts';

const token =
  'A JWT: HS256, signed with a secret of PERLY_TOKEN_SECRETS, whose UTF-8 bytes are the key. `sub` is the account, `exp` at most 10 minutes ahead.';

/** How Perly authenticates: each token is for one purpose, and is accepted nowhere else. */
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
    description: `${token} \`aud\` is \`${tokenAudiences.connect}\`; \`jti\` is anything, so that no two tokens are the same. It works once, and only to connect a channel or to link a workspace. \`name\` (of the account) and \`return_url\` (on Perly’s origin) may stand in it.`,
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
      'Standard Webhooks: with `webhook-id` and `webhook-timestamp`, over the raw bytes of the body. Perly signs with a secret of PERLY_SECRETS; what Perly is told is signed with PERLY_NOTIFY_SECRETS. The key is what stands after `whsec_`, base64-decoded.',
  },
} satisfies ZodOpenApiComponentsObject['securitySchemes'];
