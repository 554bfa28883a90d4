import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAdjustableClock } from '../../../sandbox/adjustable-clock.ts';
import { createClockScheduler } from '../../../sandbox/clock-scheduler.ts';
import { createBoard } from '../../../sandbox/perly/board.ts';
import { renderLines } from '../../../sandbox/slack/render/render-message.ts';
import { startUi, type Ui } from '../../../sandbox/ui/start-ui.ts';
import { businessHours } from '../../support/business-hours.ts';
import { changeRules, startTestApp, type TestApp } from '../../support/test-app.ts';

const accountId = 'acct_demo';
const perlyAppUrl = 'https://app.perly.ai';
const clock = createAdjustableClock();

let running: TestApp;
let ui: Ui;
beforeAll(async () => {
  running = await startTestApp({
    clock,
    scheduler: createClockScheduler({ clock, logger: pino({ level: 'silent' }) }),
    slack: { clock: () => clock.now().getTime() },
  });
  const { slack, perly, url } = running;
  ui = await startUi({
    slack,
    clock,
    perly: {
      client: perly,
      buttons: createBoard({ accountId, perlyAppUrl }),
      accountId,
      accountName: 'Northwind',
      perlyAppUrl,
      appUrl: url,
    },
  });
});
afterAll(async () => {
  await ui.close();
  await running.close();
});

async function post(action: string, body: object) {
  const response = await fetch(`${ui.url}/api/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { status: number; eventId: string };
}

async function outcome(eventId: string) {
  const response = await fetch(`${ui.url}/api/outcome?event=${eventId}`);
  const { channels } = (await response.json()) as { channels: { delivery: { state: string } }[] };
  return channels.map(({ delivery }) => delivery.state);
}

test('held alerts are sent as a digest when the clock is advanced past the opening', async () => {
  await running.connect('#customer-health', accountId);
  const hour = (ahead: number) => `${String((clock.now().getUTCHours() + ahead) % 24).padStart(2, '0')}:00`;
  await changeRules(running, {
    timing: businessHours({
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      start: hour(3),
      end: hour(5),
    }),
  });

  const pressed = await post('perly-event', { id: 'risk-high' });
  expect(pressed.status).toBe(202);
  expect(await outcome(pressed.eventId)).toEqual(['held']);

  await post('forward', { ms: 4 * 3_600_000 });
  await expect.poll(() => outcome(pressed.eventId)).toEqual(['sent']);
  const digest = running.slack.messages('#customer-health').at(-1)?.payload;
  expect(renderLines(digest).join('\n')).toContain('While you were away: 1 alert');
});
