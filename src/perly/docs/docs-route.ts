import express, { type Router } from 'express';
import type { ApiDocument } from '../api/openapi.ts';
import { docsHeaders } from './docs-stylesheet.ts';
import { renderDocs } from './render-docs.ts';

/**
 * `GET /perly/openapi.json` and `GET /perly/docs`: the API's description, for programs and for people. It is built for
 * the first request: that takes longer than everything else at the start of a process.
 */
export function docsRoute(describe: () => ApiDocument): Router {
  const getDocument = once(describe);
  const getPage = once(() => renderDocs(getDocument()));
  const router = express.Router();
  router.get('/perly/openapi.json', (_req, res) => {
    res.json(getDocument());
  });
  router.get('/perly/docs', (_req, res) => {
    res.set(docsHeaders).send(getPage());
  });
  return router;
}

/** Does the work for the first who asks; every other one gets the same. */
function once<T>(work: () => T): () => T {
  let done: { result: T } | undefined;
  return () => {
    done ??= { result: work() };
    return done.result;
  };
}
