import express from 'express';
import { type Listening, listen } from '../../../sandbox/slack/server.ts';
import type { TestApp } from '../../support/test-app.ts';

/** As the app received it. */
export type Recorded = { type: string; payload: unknown };

/** Records what Slack sends during `use`, by a proxy in front of the app. */
export async function recordPayloads(app: TestApp, use: () => Promise<void>): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  const web = express().post('/slack/events', express.raw({ type: () => true }), async (req, res) => {
    const type = req.get('content-type') ?? '';
    const text = String(req.body);
    const json = type.includes('form') ? new URLSearchParams(text).get('payload') : text;
    recorded.push({ type, payload: JSON.parse(json ?? '{}') });
    const headers = ['content-type', 'x-slack-signature', 'x-slack-request-timestamp'].map(
      (name): [string, string] => [name, req.get(name) ?? ''],
    );
    const answer = await fetch(`${app.url}/slack/events`, { method: 'POST', headers, body: text });
    res.status(answer.status).type(answer.headers.get('content-type') ?? 'text/plain');
    res.send(await answer.text());
  });
  const between: Listening = await listen(web, 0);
  app.slack.setAppUrl(between.origin);
  await use();
  app.slack.setAppUrl(app.url);
  await between.close();
  return recorded;
}
