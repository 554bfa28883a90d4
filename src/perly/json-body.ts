import { isUtf8 } from 'node:buffer';
import express, { type RequestHandler } from 'express';
import { parseJson } from '../lib/parse-json.ts';
import { Problem } from './problem.ts';

const requireJson: RequestHandler = (req, _res, next) => {
  if (req.is('application/json') === false)
    throw new Problem({
      status: 415,
      code: 'not_json_type',
      title: 'Not JSON',
      detail: 'Send Content-Type: application/json.',
    });
  next();
};

/** @param limit in bytes */
export function jsonBody(limit: number): RequestHandler[] {
  return [requireJson, express.raw({ type: () => true, limit, inflate: false }), parseBody];
}

const parseBody: RequestHandler = (req, _res, next) => {
  const bytes: unknown = req.body;
  req.body = Buffer.isBuffer(bytes) ? readJson(toText(bytes)) : undefined;
  next();
};

/** @throws Problem 400 */
export function toText(body: Buffer): string {
  if (!isUtf8(body)) throw notJson('The body is not UTF-8.');
  return body.toString('utf8');
}

/** Skips a byte order mark. @throws Problem 400 */
export function readJson(text: string): unknown {
  try {
    return parseJson(text.replace(/^\uFEFF/, ''));
  } catch {
    throw notJson('The body is not JSON, or nests deeper than 32 levels.');
  }
}

function notJson(detail: string): Problem {
  return new Problem({ status: 400, code: 'not_json', title: 'Not JSON', detail });
}
