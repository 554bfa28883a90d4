import { isUtf8 } from 'node:buffer';
import { parse as parseForm } from 'node:querystring';
import express, { type ErrorRequestHandler, type RequestHandler, type Response, type Router } from 'express';
import type { Logger } from 'pino';
import { parseJson } from '../../parse-json.ts';
import { isHttpError } from './is-http-error.ts';
import { createPayloadReader } from './payload.ts';
import { type SlackSignatureCheck, signSlackBody } from './signature.ts';

/** Where Slack sends everything to. */
export const slackEventsPath = '/slack/events';

/** A view and its state are at most 250 kB, and a message 40,000 characters. */
const bodyLimit = 1024 * 1024;

const formType = 'application/x-www-form-urlencoded';

/** How many kinds of requests that are not used are remembered as logged. */
const maxLoggedKinds = 100;

/**
 * Stands before Bolt at `POST /slack/events`, and lets in only what Slack signed a moment ago, cut down to what this app
 * uses of it. What it does not use at all is answered with 200 and logged once: Slack repeats what is refused, and ends
 * the subscription of an app that refuses too much. Bolt finds the body read, and checks its signature as well.
 *
 * @param parts.responseOrigins where a `response_url` may lead
 */
export function slackDoor(parts: {
  checkSignature: SlackSignatureCheck;
  signingSecret: string;
  responseOrigins: readonly string[];
  logger: Logger;
}): Router {
  const { checkSignature, signingSecret, logger } = parts;
  const readPayload = createPayloadReader(parts.responseOrigins);
  const loggedKinds = new Set<string>();

  function logOnce(name: string): void {
    if (loggedKinds.has(name) || loggedKinds.size === maxLoggedKinds) return;
    loggedKinds.add(name);
    logger.warn(
      { type: name.slice(0, 80) },
      'ignoring what Slack sends of a type that this app does not use',
    );
  }

  const check: RequestHandler = (req, res, next) => {
    const given: unknown = req.body;
    const body = Buffer.isBuffer(given) ? given : Buffer.alloc(0);
    if (!checkSignature(body, req.headers))
      return refuse(
        res,
        401,
        'The signature is missing or wrong, or the time is not within five minutes of now.',
      );
    const json = readBody(body, req.is(formType) === formType);
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
    const used = Buffer.from(JSON.stringify(read.payload));
    const timestamp = String(req.headers['x-slack-request-timestamp']);
    req.headers['x-slack-signature'] = signSlackBody(signingSecret, timestamp, used);
    req.headers['content-type'] = 'application/json';
    Object.assign(req, { rawBody: used });
    next();
  };

  const answerError: ErrorRequestHandler = (error: unknown, _req, res, next) => {
    if (!isHttpError(error) || error.status >= 500) return next(error);
    refuse(res, error.status, error.status === 413 ? 'A body may have 1 MiB.' : 'The body cannot be read.');
  };

  return express
    .Router()
    .post(
      slackEventsPath,
      (req, res, next) =>
        req.is(['application/json', formType]) === false
          ? refuse(res, 415, `Send application/json or ${formType}.`)
          : next(),
      express.raw({ type: () => true, limit: bodyLimit, inflate: false }),
      check,
    )
    .use(slackEventsPath, answerError);
}

function refuse(res: Response, status: number, text: string): void {
  res.status(status).set('Cache-Control', 'no-store').type('text/plain').send(text);
}

/**
 * The JSON of an event, or of an interaction's form; `undefined` for what is not an object. A form without a payload is a
 * slash command, or a check of the certificate (`ssl_check=1`).
 */
function readBody(body: Buffer, isForm: boolean): object | 'no payload' | undefined {
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
