import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { BodyError, evictedRetryAfterSeconds } from '../lib/body-error.ts';
import { routeTemplateOf } from '../lib/route-template.ts';
import { isDatabaseAway } from '../store/database.ts';
import { databaseAway, Problem, sendProblem } from './problem.ts';

export type SendError = (error: unknown, req: IncomingMessage, res: ServerResponse) => void;

/** Unexpected errors are logged and not disclosed. */
export function createSendError(logger: Logger): SendError {
  return (error, req, res) => {
    const problem = toProblem(error);
    if (problem.status >= 500 && !(error instanceof BodyError))
      logger.error(
        {
          err: error,
          requestId: res.getHeader('x-request-id'),
          method: req.method,
          route: routeTemplateOf(req),
        },
        problem.title,
      );
    sendProblem(res, problem);
  };
}

export function perlyErrorHandler(logger: Logger): ErrorRequestHandler {
  const sendError = createSendError(logger);
  return (error: unknown, req, res, next) => (res.headersSent ? next(error) : sendError(error, req, res));
}

export const unknownPerlyRoute: RequestHandler = () => {
  throw new Problem({
    status: 404,
    code: 'route_unknown',
    title: 'No such route',
    detail: 'See docs/integration.md for what Perly can call, and how.',
  });
};

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof BodyError) return toBodyProblem(error);
  if (isDatabaseAway(error)) return databaseAway();
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
  const [code, title, detail] = refusals[Number(status)] ?? refusals[500];
  return new Problem({ status: Number(status) in refusals ? Number(status) : 500, code, title, detail });
}

function toBodyProblem({ reason, status, message }: BodyError): Problem {
  const again = 'Nothing was accepted. Send the same request again.';
  switch (reason) {
    case 'too_large':
      return new Problem({ status, code: 'too_large', title: 'Body too large', detail: message });
    case 'too_slow':
      return new Problem({ status, code: 'too_slow', title: 'Body too slow', detail: `${message} ${again}` });
    case 'evicted':
      return new Problem({
        status,
        code: 'overloaded',
        title: 'Too many requests at once',
        detail: `${message} ${again}`,
        headers: {
          'Retry-After': String(evictedRetryAfterSeconds),
        },
      });
    case 'aborted':
      return new Problem({
        status,
        code: 'request_malformed',
        title: 'The request is malformed',
        detail: message,
      });
  }
}

const refusals: Record<number, [code: Problem['code'], title: string, detail: string]> & {
  500: [code: Problem['code'], title: string, detail: string];
} = {
  400: ['request_malformed', 'The request is malformed', 'Its path or body could not be read.'],
  413: [
    'too_large',
    'Body too large',
    'The body is larger than this route accepts: 1 MiB for events, 16 KiB otherwise.',
  ],
  415: ['encoding_unsupported', 'Not plain JSON', 'Send the body without Content-Encoding.'],
  500: ['unexpected', 'Internal error', 'It is not your fault. Send the same request again.'],
};
