import type { AckFn, ViewResponseAction } from '@slack/bolt';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { answerSubmission, type Outcome } from '../../../src/slack/home/answer-submission.ts';
import { slackTimeouts } from '../../../src/slack/timeouts.ts';
import { buildNotice } from '../../../src/slack/views/modal.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

/** The submission's work ends on demand. */
function submit() {
  const clock = createFakeClock();
  const update = vi.fn(async () => ({ ok: true }));
  const ack = vi.fn<AckFn<ViewResponseAction>>(async () => {});
  let complete: (outcome: Outcome) => void = () => {};
  let refuse: (error: Error) => void = () => {};
  const outcome = new Promise<Outcome>((resolve, reject) => {
    complete = resolve;
    refuse = reject;
  });
  const done = answerSubmission(
    {
      ack,
      client: async () => ({ views: { update } }),
      view: { id: 'V1', title: { type: 'plain_text', text: 'Alert rules' } },
      clock,
      timeouts: slackTimeouts,
      logger: pino({ level: 'silent' }),
    },
    () => outcome,
  );
  return { clock, update, ack, done, complete, refuse };
}

test('work that finishes in time decides what the modal shows', async () => {
  const { ack, done, complete, update } = submit();
  complete({ errors: { 'end 0': 'Choose another time.' } });
  await done;
  expect(ack.mock.calls).toEqual([
    [{ response_action: 'errors', errors: { 'end 0': 'Choose another time.' } }],
  ]);
  expect(update).not.toHaveBeenCalled();
});

test('a slow database: the modal says that it takes longer, and then that it is saved', async () => {
  const { clock, ack, done, complete, update } = submit();
  await clock.advance(2000);
  expect(JSON.stringify(ack.mock.calls)).toContain('This is taking longer than usual');
  complete('close');
  await done;
  expect(JSON.stringify(update.mock.calls)).toContain('*Saved.*');
});

test('a slow database, and another view in the end', async () => {
  const { clock, done, complete, update } = submit();
  await clock.advance(2000);
  complete({ view: buildNotice('Alert rules', 'Somebody was quicker') });
  await done;
  expect(JSON.stringify(update.mock.calls)).toContain('Somebody was quicker');
});

test('an unavailable database: the modal says that nothing was saved', async () => {
  const { ack, done, refuse } = submit();
  refuse(new Error('away'));
  await done;
  expect(JSON.stringify(ack.mock.calls)).toContain('Not saved');
});
