import express, { type Router } from 'express';
import type { ApiDocument } from '../api/openapi.ts';
import { docsHeaders } from './docs-stylesheet.ts';
import { renderDocs } from './render-docs.ts';

/** `GET /perly/openapi.json` and `GET /perly/docs`: the API's description, for programs and for people. */
export function docsRoute(document: ApiDocument): Router {
  const page = renderDocs(document);
  const router = express.Router();
  router.get('/perly/openapi.json', (_req, res) => {
    res.json(document);
  });
  router.get('/perly/docs', (_req, res) => {
    res.set(docsHeaders).send(page);
  });
  return router;
}
