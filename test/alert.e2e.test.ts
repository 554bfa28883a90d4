import { afterEach, describe, expect, test } from 'vitest';
import { signatureHeaders } from '../sandbox/perly/client.ts';
import { renderLines, renderMessage } from '../sandbox/slack/render/render-message.ts';
import { slackPaceMs } from '../src/delivery/retry-schedule.ts';
import { postTogether } from './support/post-together.ts';
import { sampleEvent } from './support/sample-events.ts';
import { startTestApp, type TestApp } from './support/test-app.ts';

let running: TestApp | undefined;
async function setup(): Promise<TestApp> {
  // The local Slack refuses what comes faster.
  running = await startTestApp({ paceMs: slackPaceMs });
  return running;
}
afterEach(async () => {
  await running?.close();
  running = undefined;
});

describe('a signed event becomes an alert', () => {
  test('the seed example, from Connect Slack to the message', async () => {
    const { connect, perly, slack } = await setup();
    const page = await connect('#customer-health', 'acct_demo');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Alerts are active in');

    const answer = await perly.post(sampleEvent('seed-example'));
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ accepted: 1, duplicates: 0, rejected: [], warnings: [] });

    const [, message] = await slack.waitForMessages(2, undefined, '#customer-health');
    const [alert] = renderMessage(message?.payload);
    expect(alert?.colour).toBe('#F97316');
    expect(alert?.lines).toEqual(
      expect.arrayContaining([
        'Acme Corp — Health score dropped to 32 (-18)',
        'Risk level: High',
        'Signals: Login frequency down 60%, payment failed twice, support tickets up',
        'Suggested: Schedule a check-in call with the account owner',
      ]),
    );
    expect(alert?.links).toContainEqual(
      expect.objectContaining({ url: 'https://app.perly.ai/customers/cus_acme', label: 'Acme Corp' }),
    );
  });

  test('the same request sent twice gives one alert', async () => {
    const { connect, perly, slack } = await setup();
    await connect('#customer-health', 'acct_demo');
    const first = await perly.post(sampleEvent('seed-example'));
    const second = await perly.post(sampleEvent('seed-example'));
    expect(await first.json()).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(second.status).toBe(202);
    expect(await second.json()).toEqual({ accepted: 0, duplicates: 1, rejected: [], warnings: [] });
    await perly.post({ ...sampleEvent('seed-example'), id: 'evt_after' });
    const alerts = () =>
      slack
        .messages('#customer-health')
        .flatMap(({ payload }) => renderMessage(payload))
        .filter(({ colour }) => colour !== undefined);
    await slack.waitForMessages(() => alerts().length >= 2);
    expect(alerts()).toHaveLength(2);
  });

  test('one byte changed gives 401 and nothing else', async () => {
    const { connect, config, db, slack, url } = await setup();
    await connect('#customer-health', 'acct_demo');
    const body = JSON.stringify(sampleEvent('seed-example'));
    const headers = signatureHeaders(config.perly.secrets[0] ?? '', body);
    const answer = await fetch(`${url}/perly/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: body.replace('Acme', 'Bcme'),
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await db.collection('events').countDocuments()).toBe(0);
    expect(slack.messages('#customer-health')).toHaveLength(1);
  });

  test('alerts arrive in order, joined, critical ones first', async () => {
    const app = await setup();
    const { connect, slack } = app;
    await connect('#customer-health', 'acct_demo');
    const events = Array.from({ length: 30 }, (_, index) => ({
      ...sampleEvent('seed-example'),
      id: `evt_${index}`,
      customer: { ...sampleEvent('seed-example').customer, name: `Customer ${index}` },
      risk_level: index === 25 ? 'critical' : 'high',
    }));
    const { answer, waits } = await postTogether(app, '#customer-health', events);
    expect(await answer.json()).toEqual({ accepted: 30, duplicates: 0, rejected: [], warnings: [] });
    const messages = await slack.waitForMessages(3, undefined, '#customer-health');
    const order = messages
      .slice(1)
      .flatMap(({ payload }) => renderLines(payload))
      .flatMap((line) => /^Customer (\d+) /.exec(line)?.[1] ?? [])
      .map(Number);
    const inOrder = events.map((_, index) => index).filter((index) => index !== 25);
    expect(order).toEqual([25, ...inOrder]);
    expect(slack.webhookCalls.filter(({ status }) => status === 429)).toHaveLength(waits);
  });
});
