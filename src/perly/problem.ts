import type { ServerResponse } from 'node:http';
import { AppError } from '../lib/errors.ts';

/** `path` is like `customer.url` or `signals[3]`. */
export type Fault = { path: string; message: string };

/** The last part of a problem's `type`. */
type ProblemCode =
  | 'account_came_back'
  | 'account_deleted'
  | 'account_limit'
  | 'address_limit'
  | 'channel_changed'
  | 'channel_unknown'
  | 'database_away'
  | 'encoding_unsupported'
  | 'event_conflict'
  | 'event_invalid'
  | 'event_unknown'
  | 'link_unknown'
  | 'not_json'
  | 'not_json_type'
  | 'other_account'
  | 'overloaded'
  | 'request_invalid'
  | 'request_malformed'
  | 'route_unknown'
  | 'signature_invalid'
  | 'token_invalid'
  | 'too_large'
  | 'too_slow'
  | 'unexpected'
  | 'version_missing';

type ProblemParts = {
  status: number;
  code: ProblemCode;
  title: string;
  detail: string;
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
};

/** An error answer for Perly, as in RFC 9457. */
export class Problem extends AppError<ProblemCode> {
  readonly status: number;
  readonly title: string;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor({ status, code, title, detail, extra = {}, headers = {} }: ProblemParts) {
    super(code, detail);
    this.status = status;
    this.title = title;
    this.extra = extra;
    this.headers = headers;
  }
}

/** @param parts.challenge for `WWW-Authenticate`, which every 401 has (RFC 9110, section 15.5.2) */
export function unauthorized({
  challenge,
  ...parts
}: Pick<ProblemParts, 'code' | 'title' | 'detail'> & { challenge: string }): Problem {
  return new Problem({ ...parts, status: 401, headers: { 'WWW-Authenticate': challenge } });
}

const retryAfterSeconds = 5;

/** Leaves open how much of the request was done. */
export function databaseAway(): Problem {
  return new Problem({
    status: 503,
    code: 'database_away',
    title: 'The database is unavailable',
    detail: 'The request may have been partly carried out. Send all of it again.',
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });
}

export function sendProblem(res: ServerResponse, problem: Problem): void {
  res.setHeader('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(problem.headers)) res.setHeader(name, value);
  const content = {
    type: `urn:perly-slack:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    ...problem.extra,
  };
  sendJson(res, problem.status, content, 'application/problem+json');
}

export function sendJson(
  res: ServerResponse,
  status: number,
  value: unknown,
  mediaType = 'application/json',
): void {
  const body = JSON.stringify(value);
  res.statusCode = status;
  res.setHeader('Content-Type', `${mediaType}; charset=utf-8`);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}
