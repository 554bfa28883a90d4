import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signatureHeaders as perlyHeaders } from '../../sandbox/perly/client.ts';
import { type Listening, listen } from '../../sandbox/slack/server.ts';
import { signatureHeaders as slackHeaders } from '../../sandbox/slack/signing.ts';
import { slackTimeouts } from '../../src/slack/timeouts.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { beginInstall, callbackInputs } from './fuzz/callback-inputs.ts';
import { eventsInputs } from './fuzz/events-inputs.ts';
import { interactionInputs } from './fuzz/interaction-inputs.ts';
import { recordPayloads } from './fuzz/record-payloads.ts';
import { describeFaults, type FuzzReport, runFuzz } from './fuzz/run-fuzz.ts';
import { walkSlack } from './fuzz/walk-slack.ts';

/** `npm run fuzz` uses more, and prints statistics. */
const inputs = Number(process.env.FUZZ_INPUTS ?? 1200);
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const timeout = 180_000 + inputs * 100;

/** Retained memory, the local Slack's included. Bytes. */
const maxMemoryGrowth = 256 * 1024 * 1024;

let running: TestApp;
let answers: Listening;
let memory = 0;
beforeAll(async () => {
  answers = await listen(
    express().post('/', (_req, res) => void res.send('ok')),
    0,
  );
  running = await startTestApp({
    env: { TRUST_PROXY: '1' },
    origins: [answers.origin],
    slack: { enforceRate: false },
    // Requests that no listener handles are refused after Slack's own timeout.
    timeouts: slackTimeouts,
  });
  await running.connect('#customer-health', 'acct_demo');
  memory = usedMemory();
});
afterAll(async () => {
  await running.close();
  await answers.close();
});

/** After garbage collection. Bytes. */
function usedMemory(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

function expectNoFault(route: string, report: FuzzReport): void {
  const { seconds, statuses, slowestMs } = report;
  const summary = `${route}: ${report.inputs} inputs, seed ${seed}, ${seconds} s, slowest ${Math.round(slowestMs)} ms, ${JSON.stringify(statuses)}`;
  if (process.env.FUZZ_INPUTS !== undefined) console.log(summary);
  expect(describeFaults(report), summary).toEqual([]);
  expect(report.inputs).toBe(inputs);
}

/** The share of requests that passed the request guard. */
const reached = ({ statuses }: FuzzReport, status: number) => (statuses[status] ?? 0) / inputs;

describe('whatever is sent, nothing breaks and nothing leaks', () => {
  test('events', { timeout }, async () => {
    const report = await runFuzz({
      app: running,
      inputs,
      seed,
      makeInputs: async () => eventsInputs,
      sign: (body) => perlyHeaders(running.config.perly.secrets[0] ?? '', body.toString()),
    });
    expectNoFault('/perly/events', report);
    expect(reached(report, 202)).toBeGreaterThan(0.05);
  });

  test('interactions', { timeout }, async () => {
    const recorded = await recordPayloads(running, () => walkSlack(running));
    await running.connect('#customer-health', 'acct_demo');
    const report = await runFuzz({
      app: running,
      inputs,
      seed,
      makeInputs: async () => interactionInputs(recorded, answers.origin),
      sign: (body) => slackHeaders(running.slack.signingSecret, body.toString(), Date.now()),
    });
    expectNoFault('/slack/events', report);
    expect(reached(report, 200)).toBeGreaterThan(0.2);
  });

  test('OAuth’s callback', { timeout }, async () => {
    const accounts = ['acct_demo', undefined, 'acct_other'];
    const report = await runFuzz({
      app: running,
      inputs,
      seed,
      makeInputs: async () =>
        callbackInputs(
          await Promise.all(accounts.map((account) => beginInstall(running, '#revenue-signals', account))),
        ),
      sign: () => ({}),
    });
    expectNoFault('/slack/oauth_redirect', report);
  });

  test('afterwards a channel can be connected and an alert arrives', async () => {
    expect((await running.connect('#billing-alerts', 'acct_after')).status).toBe(200);
    const event = {
      ...sampleEvent('customer-at-risk'),
      id: 'evt_after',
      account_id: 'acct_after',
      summary: 'After all of this',
    };
    expect((await running.perly.post(event)).status).toBe(202);
    await expect
      .poll(() => JSON.stringify(running.slack.messages('#billing-alerts')))
      .toContain('After all of this');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const growth = usedMemory() - memory;
    if (process.env.FUZZ_INPUTS !== undefined)
      console.log(`memory: ${Math.round(growth / 2 ** 20)} MiB more`);
    expect(growth).toBeLessThan(maxMemoryGrowth);
  });
});
