import { z } from 'zod';
import {
  createDocument,
  type oas31,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { browserPaths } from './browser-paths.ts';
import { eventsPath } from './events-path.ts';
import type { Operation } from './operation.ts';
import { problemAnswer } from './problem-answer.ts';
import { securitySchemes } from './security-schemes.ts';
import { outgoingWebhook } from './webhooks.ts';

export type ApiDocument = oas31.OpenAPIObject;

const introduction = `What Perly calls, and what the app posts to it. Errors are \`application/problem+json\` (RFC 9457). Lists are paginated: send \`next_cursor\` as \`cursor\` to get the next page. Times are RFC 3339; the app’s own are in UTC.`;

const tags = [
  { name: 'Events', description: 'What Perly posts, and its outcomes.' },
  { name: 'Channels', description: 'The channels of the account.' },
  { name: 'Rules', description: 'Which alerts a channel gets, and when.' },
  { name: 'Owners', description: 'The owners of customers, and their Slack users.' },
  { name: 'Activity', description: 'What was sent, held or suppressed, and what failed.' },
  { name: 'Account', description: 'Links to workspaces, and the deletion of the account.' },
  { name: 'In the browser', description: 'Pages for people, where Perly sends their browsers.' },
  { name: 'Outgoing webhook', description: 'What the app posts to PERLY_NOTIFY_URL.' },
];

export function describeApi(parts: {
  appUrl: string;
  perlyAppUrl: string;
  operations: readonly Operation[];
}): ApiDocument {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Perly for Slack',
      version: '1.0.0',
      description: introduction,
      contact: { name: 'Support', url: `${parts.appUrl}/support` },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: parts.appUrl }],
    security: [{ apiToken: [] }],
    tags,
    paths: {
      ...eventsPath(new URL(parts.perlyAppUrl).origin),
      ...operationPaths(parts.operations),
      ...browserPaths,
    },
    webhooks: outgoingWebhook,
    components: {
      securitySchemes,
    },
  });
}

function operationPaths(operations: readonly Operation[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations)
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  return paths;
}

function describe(operation: Operation): ZodOpenApiOperationObject {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const path = z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
  const header = z.object({
    'If-Match': z
      .string()
      .meta({ description: 'The ETag of the rules or channel that was read.', example: '"3"' }),
  });
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.purpose === 'admin' && { security: [{ adminToken: [] }] }),
    description: operation.description,
    requestParams: {
      ...(names.length > 0 && { path }),
      ...(operation.query !== undefined && { query: operation.query }),
      ...(operation.needsVersion && { header }),
    },
    ...(operation.body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: operation.body } } },
    }),
    responses: { ...answersOf(operation), ...refusalsOf(operation, names.length > 0) },
  };
}

const etag = z.object({
  ETag: z.string().meta({ description: 'The version, for If-Match.', example: '"3"' }),
});

function answersOf({ answers }: Operation): ZodOpenApiResponsesObject {
  const described: ZodOpenApiResponsesObject = {};
  for (const [status, { description, body, hasETag }] of Object.entries(answers))
    described[`${Number(status)}` as '200'] =
      Number(status) >= 400
        ? problemAnswer(description)
        : {
            description,
            ...(hasETag && { headers: etag }),
            ...(body !== undefined && { content: { 'application/json': { schema: body } } }),
          };
  return described;
}

function refusalsOf(operation: Operation, isAboutOne: boolean): ZodOpenApiResponsesObject {
  const hasBody = operation.body !== undefined;
  return {
    401: problemAnswer('The token is missing, expired, not Perly’s, or for another purpose.'),
    ...(operation.id === 'deleteAccount' && {
      403: problemAnswer('The token is for another account.'),
      409: problemAnswer(
        'The account was deleted and came back after this token was signed. Sign a new one.',
      ),
    }),
    ...(isAboutOne &&
      operation.id !== 'deleteAccount' && { 404: problemAnswer('The account has nothing with that id.') }),
    ...((hasBody || isAboutOne) && {
      400: problemAnswer(
        [
          ...(hasBody ? ['The body is not JSON.'] : []),
          ...(isAboutOne ? ['The path cannot be decoded.'] : []),
        ].join(' '),
      ),
    }),
    ...(hasBody && {
      413: problemAnswer('The body is too large.'),
      415: problemAnswer('Not `application/json`.'),
    }),
    ...((hasBody || operation.query !== undefined) && { 422: problemAnswer('Invalid: see `errors`.') }),
    ...(operation.needsVersion && { 428: problemAnswer('If-Match is missing.') }),
    429: problemAnswer('Too many requests of the account. Try again after `Retry-After` seconds.'),
    503: problemAnswer(
      'The database is unavailable. Send the same request again after `Retry-After` seconds.',
    ),
  };
}
