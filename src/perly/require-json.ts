import type { RequestHandler } from 'express';
import { Problem } from './problem.ts';

/** Refuses a body of another type. */
export const requireJson: RequestHandler = (req, _res, next) => {
  if (req.is('application/json') === false)
    throw new Problem(415, 'not_json_type', 'Not JSON', 'Send Content-Type: application/json.');
  next();
};
