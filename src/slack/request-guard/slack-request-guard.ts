import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { parse as parseForm } from 'node:querystring';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Logger } from 'pino';
import type { RemovalEvent } from '../../channels/uninstall-events.ts';
import { BodyError, evictedRetryAfterSeconds } from '../../lib/body-error.ts';
import { parseJson } from '../../lib/parse-json.ts';
import type { BodyReader } from '../../lib/read-body.ts';
import { createPayloadReader } from './payload.ts';
import type { ReplayCheck } from './replays.ts';
import { type SlackSignatureCheck, signSlackBody } from './slack-signature.ts';

export const slackEventsPath = '/slack/events';

/** A view and its state have at most 250 kB, and a message 40,000 characters. */
const bodyLimit = 1024 * 1024;

const formType = 'application/x-www-form-urlencoded';

const badSignature = 'The signature is missing or wrong, or the time is not within five minutes of now.';

/** Slack repeats events until they are acknowledged, and handling them twice is harmless; suggestions only read. */
const changesSomething = new Set<unknown>(['block_actions', 'view_submission']);

const maxLoggedKinds = 100;

/**
 * Answers requests that the app does not use with 200: refusing too many would end its subscription.
 * @param parts.onRemovalEvent resolves when the consequences are durable, after which Slack is answered; Bolt
 * would answer first
 */
export function slackRequestGuard(parts: {
  checkSignature: SlackSignatureCheck;
  signingSecret: string;
  isFirst: ReplayCheck;
  readBody: BodyReader;
  onVerified: (req: IncomingMessage) => void;
  onRemovalEvent: (event: RemovalEvent) => Promise<void>;
  responseOrigins: readonly string[];
  logger: Logger;
}): Router {
  const { checkSignature, signingSecret, isFirst, readBody, onVerified, logger } = parts;
  const readPayload = createPayloadReader(parts.responseOrigins);
  const loggedKinds = new Set<string>();

  function logOnce(name: string): void {
    if (loggedKinds.has(name) || loggedKinds.size === maxLoggedKinds) return;
    loggedKinds.add(name);
    logger.warn(
      { type: name.slice(0, 80) },
      'ignoring a request of a type or an id that this app does not use',
    );
  }

  const check: RequestHandler = async (req, res, next) => {
    if (req.is(['application/json', formType]) === false)
      return refuse(res, 415, `Send application/json or ${formType}.`);
    if (!/^(?:identity)?$/i.test(req.get('content-encoding') ?? ''))
      return refuse(res, 415, 'Send the body without Content-Encoding.');
    const signed = checkSignature.readHeaders(req.headers);
    if (signed === undefined) return refuse(res, 401, badSignature);
    const body = await readBodyOrRefuse(req, res);
    if (body === undefined) return;
    if (!checkSignature.matches(signed, body)) return refuse(res, 401, badSignature);
    onVerified(req);
    const json = toJson(body, req.is(formType) === formType);
    if (json === undefined) return refuse(res, 400, 'The body is not a JSON object in UTF-8.');
    const read = json === 'no payload' ? { kind: 'unused' as const, name: 'form' } : readPayload(json);
    if (read.kind === 'unused') {
      logOnce(read.name);
      res.status(200).end();
      return;
    }
    if (read.kind === 'wrong') {
      logger.warn({ wrong: read.paths }, 'Slack sent a payload that this app cannot read');
      return refuse(res, 400, `This app cannot read the payload: see ${read.paths.join(', ')}.`);
    }
    if (read.kind === 'removal') return acknowledgeRemoval(read.event, res);
    if (changesSomething.has(typeOf(read.payload)) && !(await isFirst(signed))) {
      // A proxy may have repeated it too, so the answer says that it was received.
      logger.warn({ type: typeOf(read.payload) }, 'ignoring an interaction that was sent again');
      res.status(200).end();
      return;
    }
    const used = Buffer.from(JSON.stringify(read.payload));
    req.headers['x-slack-signature'] = signSlackBody(signingSecret, signed.timestamp, used);
    req.headers['content-type'] = 'application/json';
    Object.assign(req, { rawBody: used });
    next();
  };

  async function acknowledgeRemoval(event: RemovalEvent, res: Response): Promise<void> {
    try {
      await parts.onRemovalEvent(event);
      res.status(200).end();
    } catch (error) {
      const { type, teamId } = event;
      logger.error({ err: error, type, teamId }, 'an event about a removal was not stored; Slack repeats it');
      refuse(res.set('Retry-After', '60'), 503, 'The event could not be stored. Send it again.');
    }
  }

  async function readBodyOrRefuse(req: Request, res: Response): Promise<Buffer | undefined> {
    try {
      return await readBody(req, bodyLimit);
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      if (error.reason === 'evicted') res.set('Retry-After', String(evictedRetryAfterSeconds));
      refuse(
        res,
        error.status,
        error.reason === 'too_large' ? 'The body is larger than 1 MiB.' : error.message,
      );
      return undefined;
    }
  }

  return express.Router().post(slackEventsPath, check);
}

function typeOf(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'type' in payload ? payload.type : undefined;
}

function refuse(res: Response, status: number, text: string): void {
  res.status(status).set('Cache-Control', 'no-store').type('text/plain').send(text);
}

/** Returns `no payload` for a slash command or a check of the certificate (`ssl_check=1`). */
function toJson(body: Buffer, isForm: boolean): object | 'no payload' | undefined {
  if (!isUtf8(body)) return undefined;
  const text = body.toString('utf8');
  const payload = isForm ? parseForm(text).payload : text;
  if (payload === undefined) return 'no payload';
  try {
    const value = parseJson(String(payload));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
