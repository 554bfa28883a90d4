import { setImmediate as settle } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { limitByWorkspace } from '../../src/delivery/limit-by-workspace.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { createFairLimit } from '../../src/lib/fair-limit.ts';

test('first messages take places of their own workspace, together with its alerts, and leave some to others', async () => {
  const places = createFairLimit(4);
  const posted: string[] = [];
  const answers: ((answer: WebhookAnswer) => void)[] = [];
  const { post } = limitByWorkspace(
    {
      post(url) {
        posted.push(url);
        return new Promise((resolve) => answers.push(resolve));
      },
    },
    places,
  );
  const message = { text: 'Hello', unfurl_links: false, unfurl_media: false } as const;
  const alert = places('T1', () => new Promise<void>((resolve) => answers.push(() => resolve())));
  const urls = [
    'https://hooks.slack.com/services/T1/B1/a',
    'https://hooks.slack.com/services/T1/B2/b',
    'https://hooks.slack.com/services/T2/B3/c',
    'https://hooks.slack.com/x',
    'no url',
  ];
  const asked = urls.map((url) => post(url, message));
  await settle();
  expect(posted).toEqual([urls[0], urls[2], urls[3]]);
  while (answers.length > 0) {
    answers.shift()?.({ kind: 'lost', code: 'TIMEOUT' });
    await settle();
  }
  await Promise.all([alert, ...asked]);
  expect([...posted].sort()).toEqual([...urls].sort());
});
