import express from 'express';
import helmet from 'helmet';
import request from 'supertest';
import { expect, it } from 'vitest';
import { renderProblem } from '../../../src/slack/pages/render-problem.ts';
import { pageHeaders, sendPage } from '../../../src/slack/pages/send-page.ts';
import { navigation } from './every-page.ts';

const web = express();
web.use(helmet());
web.get('/away', (_req, res) => sendPage(res, renderProblem({ kind: 'database_unavailable' }, navigation)));
web.get('/used', (_req, res) => sendPage(res, renderProblem({ kind: 'code_used' }, navigation)));

it("sends the page with headers stricter than the app's own", async () => {
  const response = await request(web).get('/used');
  expect(response.status).toBe(400);
  expect(response.headers).toMatchObject(pageHeaders);
  expect(response.text).toBe(renderProblem({ kind: 'code_used' }, navigation).html);
  expect(response.headers).not.toHaveProperty('retry-after');
});

it('allows nothing to load by default and no framing', () => {
  const policy = pageHeaders['content-security-policy'].split('; ');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy.join()).not.toContain('unsafe');
});

it('asks to retry while the database is unavailable', async () => {
  const response = await request(web).get('/away');
  expect(response.status).toBe(503);
  expect(response.headers['retry-after']).toBe('30');
});
