import type { z } from 'zod';
import type { TokenPurpose } from '../../lib/perly-token.ts';
import { Problem } from '../problem.ts';
import { toFaults } from '../to-faults.ts';

/** What an operation is called with: the token's account, and what stands in the request. */
export type Call<Query, Body> = {
  accountId: string;
  /** When the token was signed. */
  issuedAt: Date;
  /** What stands for `{name}` in the path. */
  param(name: string): string;
  query: Query;
  body: Body;
  /** Whether a version satisfies `If-Match`, where the operation wants one. */
  isExpected(version: number): boolean;
};

/** What the token of an operation is for. */
export type OperationPurpose = Exclude<TokenPurpose, 'connect'>;

/** What is answered; `version` becomes the `ETag`. */
export type Answer = { status: number; body?: unknown; version?: number };

/** What the API's description says of an answer. */
type AnswerDescription = { description: string; body?: z.ZodType; hasETag?: true };

/**
 * One thing that Perly can ask for. The routes and the API's description are both made of this, so that they cannot
 * differ.
 */
export type Operation = {
  id: string;
  /** `api` where it is not said. */
  purpose?: OperationPurpose;
  method: 'get' | 'put' | 'post' | 'delete';
  /** As OpenAPI writes it: `/perly/channels/{id}`. */
  path: string;
  tag: string;
  summary: string;
  description: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Whether it changes something that the caller has to have read. */
  needsVersion?: true;
  /** By status; the refusals that every operation shares are not repeated. */
  answers: Record<number, AnswerDescription>;
  /** @throws Problem 422 when query or body are not as described */
  handle(call: Call<unknown, unknown>): Promise<Answer>;
};

/** An operation whose query and body are checked before it is handled. */
export function defineOperation<Query extends z.ZodObject, Body extends z.ZodType>(
  given: Omit<Operation, 'handle' | 'query' | 'body'> & {
    query?: Query;
    body?: Body;
    handle(call: Call<z.output<Query>, z.output<Body>>): Promise<Answer>;
  },
): Operation {
  const { query, body, handle, ...operation } = given;
  return {
    ...operation,
    ...(query !== undefined && { query }),
    ...(body !== undefined && { body }),
    handle: (call) =>
      handle({
        ...call,
        query: check(query, call.query, 'The query is not valid'),
        body: check(body, call.body, 'The body is not valid'),
      }),
  };
}

/** What an operation does not describe, it does not look at. */
function check<Schema extends z.ZodType>(
  schema: Schema | undefined,
  value: unknown,
  title: string,
): z.output<Schema> {
  if (schema === undefined) return undefined as z.output<Schema>;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(title, toFaults(result.error));
}

/** The 422 for a request that can be read and is not right. */
export function invalid(title: string, errors: { path: string; message: string }[]): Problem {
  return new Problem({
    status: 422,
    code: 'request_invalid',
    title,
    detail: 'Nothing was changed: see errors.',
    extra: { errors },
  });
}
