import type { Response } from 'express';
import { AppError } from '../lib/errors.ts';

/** One fault in a body: where, as `customer.url` or `signals[3]`, and what is wrong with it. */
export type Fault = { path: string; message: string };

/** A refusal as Perly sees it (RFC 9457). `extra` members stand beside the standard ones; `headers` go with them. */
export class Problem extends AppError {
  readonly status: number;
  readonly title: string;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: string,
    title: string,
    detail: string,
    extra: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(code, detail);
    this.status = status;
    this.title = title;
    this.extra = extra;
    this.headers = headers;
  }
}

/**
 * The caller is not who it should be.
 *
 * @param challenge for `WWW-Authenticate`, which every 401 has (RFC 9110, section 15.5.2)
 */
export function unauthorized(code: string, title: string, detail: string, challenge: string): Problem {
  return new Problem(401, code, title, detail, {}, { 'WWW-Authenticate': challenge });
}

/** Seconds after which Perly may try again when the database is away. */
const retryAfterSeconds = 5;

/** The database failed or did not answer, so that nobody knows how much of the request was done. */
export function databaseAway(): Problem {
  return new Problem(
    503,
    'database_away',
    'The database is away',
    'The request may have been carried out in part. Send all of it again.',
    {},
    { 'Retry-After': String(retryAfterSeconds) },
  );
}

/** Answers with a problem as `application/problem+json`, which nobody may keep. */
export function sendProblem(res: Response, problem: Problem): void {
  res
    .set({ 'Cache-Control': 'no-store', ...problem.headers })
    .status(problem.status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:perly-slack:problem:${problem.code}`,
        title: problem.title,
        status: problem.status,
        detail: problem.message,
        ...problem.extra,
      }),
    );
}
