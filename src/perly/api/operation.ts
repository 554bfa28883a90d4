import type { z } from 'zod';
import type { TokenPurpose } from '../../lib/perly-token.ts';
import { Problem } from '../problem.ts';
import { toFaults } from '../to-faults.ts';

export type Call<Query, Body> = {
  accountId: string;
  issuedAt: Date;
  param(name: string): string;
  query: Query;
  body: Body;
  /** True if the version satisfies `If-Match`, for an operation that requires this header. */
  isExpected(version: number): boolean;
};

export type OperationPurpose = Exclude<TokenPurpose, 'connect'>;

/** `version` becomes the `ETag`. */
export type Answer = { status: number; body?: unknown; version?: number };

type AnswerDescription = { description: string; body?: z.ZodType; hasETag?: true };

/** Describes an operation; routes and OpenAPI description are made from it, so that they agree. */
export type Operation = {
  id: string;
  /** The default is `api`. */
  purpose?: OperationPurpose;
  method: 'get' | 'put' | 'post' | 'delete';
  /** OpenAPI's notation: `/perly/channels/{id}`. */
  path: string;
  tag: string;
  summary: string;
  description: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  needsVersion?: true;
  /** Answers by status, without the errors that every operation shares. */
  answers: Record<number, AnswerDescription>;
  /** @throws Problem 422 if query or body are invalid */
  handle(call: Call<unknown, unknown>): Promise<Answer>;
};

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

export function invalid(title: string, errors: { path: string; message: string }[]): Problem {
  return new Problem({
    status: 422,
    code: 'request_invalid',
    title,
    detail: 'Nothing was changed: see errors.',
    extra: { errors },
  });
}
