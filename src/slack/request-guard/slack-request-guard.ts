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

/** Where Slack sends everything to. */
export const slackEventsPath = '/slack/events';

/** A view and its state are at most 250 kB, and a message 40,000 characters. */
const bodyLimit = 1024 * 1024;

const formType = 'application/x-www-form-urlencoded';

const badSignature = 'The signature is missing or wrong, or the time is not within five minutes of now.';

/**
 * Interactions, which Slack sends once. Events it repeats until they are acknowledged, and what they say holds however
 * often it is said; suggestions only read.
 */
const changesSomething = new Set<unknown>(['block_actions', 'view_submission']);

/** How many kinds of requests that are not used are remembered as logged. */
const maxLoggedKinds = 100;

/**
 * Stands before Bolt at `POST /slack/events`, and lets in only what Slack signed a moment ago, cut down to what this app
 * uses of it. Nothing of a body is read before its headers could be those of a request of Slack's. What it does not use at all is answered with 200 and logged once: Slack repeats what is refused, and ends
 * the subscription of an app that refuses too much. Bolt finds the body read, and checks its signature as well.
 *
 * @param parts.onVerified called with each request whose signature is right
 * @param parts.onRemovalEvent resolves when what follows from the event is durable: only then Slack is answered, and it
 *   repeats what it was not answered. Bolt would answer first.
 * @param parts.responseOrigins where a `response_url` may lead
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
      'ignoring what Slack sends of a type or an id that this app does not use',
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
      logger.warn({ wrong: read.paths }, 'Slack sent something that this app cannot use');
      return refuse(res, 400, `This app cannot use such a payload: see ${read.paths.join(', ')}.`);
    }
    if (read.kind === 'removal') return acknowledgeRemoval(read.event, res);
    if (changesSomething.has(typeOf(read.payload)) && !(await isFirst(signed))) {
      // A proxy may have repeated it as well: whoever clicked is told that it was taken.
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
      refuse(res, error.status, error.reason === 'too_large' ? 'A body may have 1 MiB.' : error.message);
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

/**
 * The JSON of an event, or of an interaction's form; `undefined` for what is not an object. A form without a payload is a
 * slash command, or a check of the certificate (`ssl_check=1`).
 */
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
