import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionIds } from '../../../src/slack/views/action-ids.ts';
import { slackRequests } from '../../support/slack-requests.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
const { postForm, suggestion } = slackRequests(() => running);
beforeAll(async () => {
  running = await startTestApp();
});
afterAll(() => running.close());

// Owners and customers belong to accounts, and have their own tests.
const fields = [actionIds.timeZone, actionIds.calendar];

async function offered(field: string, typed: string): Promise<unknown[]> {
  const answer = await postForm({ ...suggestion(), action_id: field, value: typed });
  expect(answer.status).toBe(200);
  const { options } = (await answer.json()) as { options: unknown[] };
  return options;
}

describe.each(fields)('%s', (field) => {
  test('offers what fits, and nothing for a text longer than any name, however well its words fit', async () => {
    expect((await offered(field, 'germany '.repeat(12))).length).toBeGreaterThan(0);
    expect(await offered(field, 'germany '.repeat(13))).toEqual([]);
  });
});

test('outside of the rules of a channel no owner is offered', async () => {
  expect(await offered(actionIds.rulesOwners, '')).toEqual([]);
});
