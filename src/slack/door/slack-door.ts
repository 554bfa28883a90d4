import { isUtf8 } from 'node:buffer';
import { parse as parseForm } from 'node:querystring';
import express, { type ErrorRequestHandler, type RequestHandler, type Response, type Router } from 'express';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import { isHttpError } from './is-http-error.ts';
import { payloadSchema } from './payload.ts';
import type { SlackSignatureCheck } from './signature.ts';

/** Where Slack sends everything to. */
export const slackEventsPath = '/slack/events';

/** A view and its state are at most 250 kB, and a message 40,000 characters. */
const bodyLimit = 1024 * 1024;

const formType = 'application/x-www-form-urlencoded';

/**
 * Stands before Bolt at `POST /slack/events`, and lets in only what Slack signed a moment ago and what this app asks
 * Slack for. Bolt then finds the body read, and checks the signature once more.
 *
 * @param parts.responseOrigins where a `response_url` may lead
 */
export function slackDoor(parts: {
  checkSignature: SlackSignatureCheck;
  responseOrigins: readonly string[];
  logger: Logger;
}): Router {
  const { checkSignature, logger } = parts;
  const schema = payloadSchema(parts.responseOrigins);

  const check: RequestHandler = (req, res, next) => {
    const given: unknown = req.body;
    const body = Buffer.isBuffer(given) ? given : Buffer.alloc(0);
    if (!checkSignature(body, req.headers))
      return refuse(
        res,
        401,
        'The signature is missing or wrong, or the time is not within five minutes of now.',
      );
    const isForm = req.is(formType) === formType;
    const payload = readPayload(body, isForm);
    if (payload === undefined) return refuse(res, 400, 'The body is not JSON in UTF-8.');
    const result = schema.safeParse(payload);
    if (!result.success) {
      logger.warn({ wrong: pathsOf(result.error) }, 'Slack sent something that this app does not know');
      return refuse(
        res,
        400,
        `This app does not know such a payload: see ${pathsOf(result.error).join(', ')}.`,
      );
    }
    // Bolt reads a form only under exactly this type, and anything else as JSON.
    req.headers['content-type'] = isForm ? formType : 'application/json';
    Object.assign(req, { rawBody: body });
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

/** The JSON of an event, or of an interaction's form; `undefined` for what is not JSON. */
function readPayload(body: Buffer, isForm: boolean): unknown {
  if (!isUtf8(body)) return undefined;
  const text = body.toString('utf8');
  try {
    // As Bolt reads a form: what is checked has to be what is done.
    return parseJson(isForm ? String(parseForm(text).payload) : text);
  } catch {
    return undefined;
  }
}

/** Where a payload is not as it should be, without anything that it says. */
function pathsOf(error: z.ZodError): string[] {
  return error.issues
    .slice(0, 5)
    .map(({ path }) => path.filter((key) => typeof key !== 'symbol').join('.') || '/');
}
