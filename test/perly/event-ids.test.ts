import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyText } from '../support/any-text.ts';
import { type EventsApp, event, startEventsApp } from '../support/events-app.ts';
import { sampleEvent } from '../support/sample-events.ts';

let app: EventsApp;
beforeAll(async () => {
  app = await startEventsApp();
});
afterAll(() => app.running.close());

const { customer } = sampleEvent('seed-example');

describe('an id', () => {
  test.each<[string, string]>([
    ['C0', 'a\u001bb'],
    ['DEL', 'a\u007fb'],
    ['C1', 'a\u009bb'],
    ['a right-to-left override', 'a\u202eb'],
    ['an isolate', 'a\u2067b'],
    ['a right-to-left mark', 'a\u200fb'],
    ['an Arabic letter mark', 'a\u061cb'],
    ['a zero-width space', 'a\u200bb'],
    ['a byte order mark', '\ufeffa'],
    ['a soft hyphen', 'a\u00adb'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['half a surrogate pair', 'a\ud83d'],
    ['a tag', 'a\u{e0041}'],
    ['a dot', '.'],
    ['two dots', '..'],
  ])('with %s is refused in any field', async (_, id) => {
    const places: [string, Record<string, unknown>][] = [
      ['id', { id }],
      ['account_id', { account_id: id }],
      ['customer.id', { customer: { ...customer, id } }],
    ];
    for (const [path, change] of places) {
      const answer = await app.postJson(event(change));
      expect(answer.status).toBe(422);
      expect(answer.body.errors).toEqual([{ path, message: expect.stringMatching(/\w/) }]);
    }
  });

  test('that is accepted can be read back, whatever it is', async () => {
    const ids = fc.sample(anyText(12), 25);
    for (const id of [...ids, '...', '/', '%2e', '?', '#', ' ', '../..', 'a/b', '\\', 'é']) {
      const answer = await app.postJson(event({ id, account_id: 'acct_any' }));
      if (answer.status === 422) continue;
      expect([id, answer.status]).toEqual([id, 202]);
      const read = await app.running.perly.eventStatus('acct_any', id);
      expect([read.status, await read.json()]).toMatchObject([200, { id }]);
    }
  });
});
