import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goneWords } from '../../src/delivery/webhook/error-words.ts';
import { minuteMs } from '../../src/lib/time.ts';
import { eventOf } from '../support/named-events.ts';
import { setupHome } from '../support/setup-home.ts';

const fixture = setupHome();
const maxSilenceMs = 15 * minuteMs;

/** The same answers every time; none of them says that a webhook is gone, or that a message was accepted. */
const answers = fc.sample(
  fc
    .record({
      status: fc.constantFrom(201, 301, 400, 403, 404, 410, 418, 429, 500, 503),
      retryAfter: fc.constantFrom('', '0', '-1', 'soon', '86400', '9000000000000', '4070908800'),
      body: fc.oneof(
        fc.string({ minLength: 1, maxLength: 80 }),
        fc.constantFrom('<html>', '{"ok":false}', '{"error":1}', 'something_new'),
      ),
      type: fc.constantFrom('text', 'html', 'json'),
    })
    .filter(({ body }) => !['', 'ok', ...Object.keys(goneWords)].includes(body.trim())),
  { numRuns: 12, seed: 15 },
);

test('whatever a webhook answers over HTTP, its channel stays active, nothing counts as sent, and it is tried again within 15 minutes', async () => {
  const { slack, perly, db } = fixture.running;
  const [channels, deliveries] = [db.collection('channels'), db.collection('deliveries')];
  for (const [index, answer] of answers.entries()) {
    const fault = slack.failWebhook('#customer-health', answer);
    await perly.post({ ...eventOf(`Critical${index}`), risk_level: 'critical' });
    // The outcome is stored: a wait, a retry, or a refusal.
    await expect
      .poll(async () => {
        const [channel, delivery] = [await channels.findOne(), await deliveries.findOne()];
        return Boolean(channel?.trouble?.waitsUntil || delivery?.lastError);
      })
      .toBe(true);
    const [channel, delivery] = [await channels.findOne(), await deliveries.findOne()];
    expect(channel?.status).toBe('active');
    expect(delivery?.state).not.toBe('sent');
    const nextAt = Math.max(channel?.trouble?.waitsUntil?.getTime() ?? 0, delivery?.nextAttemptAt.getTime());
    expect(nextAt - Date.now()).toBeLessThanOrEqual(maxSilenceMs);
    await deliveries.deleteMany({});
    await channels.updateMany({}, { $set: { trouble: null } });
    fault.release();
  }
});
