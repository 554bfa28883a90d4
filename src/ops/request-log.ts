import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Level, Logger } from 'pino';
import { routeTemplateOf } from '../lib/route-template.ts';
import type { ClientAddress } from './address-limit.ts';
import type { Metrics } from './metrics.ts';
import { redactText } from './redact-text.ts';

/** The id is shared with proxies and callers. */
const idHeader = 'x-request-id';

/** Ids that are logged unchanged. Proxies' ids have one case; parts of tokens and webhook URLs have both. */
const wellFormedId = /^(?:[\da-z_.:-]{1,64}|[\dA-Z_.:-]{1,64})$/;

function isRequestId(given: string): boolean {
  return wellFormedId.test(given) && redactText(given) === given;
}

/** Machines request these every few seconds. */
const probes = new Set(['/healthz', '/readyz', '/metrics']);

/** Statuses of unauthenticated or malformed requests, which are logged with their address. */
const refusals = new Set<number | string>([400, 401, 403, 408, 413, 415, 429]);

type RequestFields = Record<string, unknown>;

export type RequestLog = {
  /** Assigns an id, and logs and measures the request when it has finished. */
  begin(req: IncomingMessage, res: ServerResponse): void;
  idOf(req: IncomingMessage): string;
  addFields(req: IncomingMessage, fields: RequestFields): void;
};

/** Paths are logged as templates and without query, since both may hold secrets. */
export function createRequestLog(parts: {
  clientAddress: ClientAddress;
  logger: Logger;
  metrics: Pick<Metrics, 'requests'>;
}): RequestLog {
  const { clientAddress, logger, metrics } = parts;
  const fieldsOf = new WeakMap<IncomingMessage, RequestFields>();
  const ids = new WeakMap<IncomingMessage, string>();
  const idOf = (req: IncomingMessage) => ids.get(req) ?? '';

  function finish(req: IncomingMessage, res: ServerResponse, ms: number): void {
    const { method = '' } = req;
    const route = routeTemplateOf(req);
    const status = res.writableFinished ? res.statusCode : 'aborted';
    const address = refusals.has(status) ? { address: clientAddress(req) } : {};
    metrics.requests.observe({ method, route, status }, ms / 1000);
    logger[levelOf(route, status)](
      {
        requestId: idOf(req),
        method,
        route,
        status,
        ms: Math.round(ms * 10) / 10,
        ...address,
        ...fieldsOf.get(req),
      },
      'request',
    );
  }

  return {
    begin(req, res) {
      const began = performance.now();
      const given = String(req.headers[idHeader] ?? '');
      const id = isRequestId(given) ? given : randomUUID();
      ids.set(req, id);
      res.setHeader(idHeader, id);
      res.once('close', () => finish(req, res, performance.now() - began));
    },
    idOf,
    addFields(req, fields) {
      fieldsOf.set(req, { ...fieldsOf.get(req), ...fields });
    },
  };
}

/** The cause of a 5xx is logged on its own line. */
function levelOf(route: string, status: number | 'aborted'): Level {
  if (status !== 'aborted' && status >= 500) return 'warn';
  return probes.has(route) ? 'debug' : 'info';
}
