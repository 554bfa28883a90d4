import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type Router } from 'express';
import type { ApiDocument } from '../api/openapi.ts';
import { docsPage, docsPolicy } from './docs-page.ts';

const require = createRequire(import.meta.url);
const swaggerUi = dirname(require.resolve('swagger-ui-dist/package.json'));

/** The description is built for the first request: it takes longer than everything else at a process's start. */
export function docsRoute(describe: () => ApiDocument): Router {
  let document: ApiDocument | undefined;
  const router = express.Router();
  router.get('/perly/openapi.json', (_req, res) => {
    document ??= describe();
    res.json(document);
  });
  router.get('/perly/docs', (_req, res) => {
    res
      .set({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': docsPolicy })
      .send(docsPage);
  });
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js'])
    router.get(`/perly/docs/${file}`, (_req, res) => {
      res.sendFile(file, { root: swaggerUi, maxAge: '1h' });
    });
  return router;
}
