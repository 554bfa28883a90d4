import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Level, Logger } from 'pino';
import { routeTemplateOf } from '../lib/route-template.ts';
import type { Metrics } from './metrics.ts';
import { redactText } from './redact-text.ts';

/** The header by which a proxy, the app and whoever called it speak of the same request. */
const idHeader = 'x-request-id';

/**
 * What may come from outside as a request's id: it stands in the log as it is. Proxies make UUIDs, ULIDs and hexadecimal,
 * which are of one case; parts of tokens and webhook addresses are of both.
 */
const wellFormedId = /^(?:[\da-z_.:-]{1,64}|[\dA-Z_.:-]{1,64})$/;

function isRequestId(given: string): boolean {
  return wellFormedId.test(given) && redactText(given) === given;
}

/** Asked every few seconds by machines. */
const probes = new Set(['/healthz', '/readyz', '/metrics']);

/** Answers to who is not known, or sends what nobody takes: these requests alone are logged with their address. */
const refusals = new Set<number | string>([400, 401, 403, 408, 413, 415, 429]);

/** What is logged of a request beside its own line's fields. */
type RequestNote = Record<string, unknown>;

export type RequestLog = {
  /** Gives each request an id and, when it is over, a line in the log and a place in the metrics. */
  handler: RequestHandler;
  idOf(req: Request): string;
  /** Has these fields stand on the request's line. */
  note(req: Request, fields: RequestNote): void;
};

/**
 * One line for each request, with its id, which the answer carries as well. A path stands there as its template and
 * without its query, since both may hold secrets; an address, only where a request was refused.
 */
export function createRequestLog({
  logger,
  metrics,
}: {
  logger: Logger;
  metrics: Pick<Metrics, 'requests'>;
}): RequestLog {
  const notes = new WeakMap<Request, RequestNote>();
  const ids = new WeakMap<Request, string>();
  const idOf = (req: Request) => ids.get(req) ?? '';

  function finish(req: Request, res: Response, ms: number): void {
    const { method } = req;
    const route = routeTemplateOf(req);
    // Whoever asked went before the answer was there.
    const status = res.writableFinished ? res.statusCode : 'aborted';
    const address = refusals.has(status) ? { address: req.ip } : {};
    metrics.requests.observe({ method, route, status }, ms / 1000);
    logger[levelOf(route, status)](
      {
        requestId: idOf(req),
        method,
        route,
        status,
        ms: Math.round(ms * 10) / 10,
        ...address,
        ...notes.get(req),
      },
      'request',
    );
  }

  return {
    handler(req, res, next) {
      const began = performance.now();
      const given = req.get(idHeader) ?? '';
      const id = isRequestId(given) ? given : randomUUID();
      ids.set(req, id);
      res.set(idHeader, id);
      res.once('close', () => finish(req, res, performance.now() - began));
      next();
    },
    idOf,
    note(req, fields) {
      notes.set(req, { ...notes.get(req), ...fields });
    },
  };
}

/** Why an answer is a 5xx is said on a line of its own. */
function levelOf(route: string, status: number | 'aborted'): Level {
  if (status !== 'aborted' && status >= 500) return 'warn';
  return probes.has(route) ? 'debug' : 'info';
}
