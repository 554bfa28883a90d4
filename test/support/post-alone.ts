import { expect } from 'vitest';
import type { TestApp } from './test-app.ts';

/**
 * Posts an event whose alert is a message of its own: waits until the channel has sent everything, as waiting alerts
 * are sent together.
 * @returns the message's `ts`
 */
export async function postAlone(
  { db, perly, slack }: Pick<TestApp, 'db' | 'perly' | 'slack'>,
  channel: string,
  event: object,
): Promise<string> {
  const { id } = slack.model.channel(channel);
  const waiting = async () =>
    (await db.collection<{ channelId: string }>('deliveries').find({ state: 'pending' }).toArray()).filter(
      ({ channelId }) => channelId.endsWith(`:${id}`),
    );
  await expect.poll(waiting).toEqual([]);
  // Not what only one person sees.
  const alerts = () => slack.messages(channel).filter(({ webhookId }) => webhookId !== undefined);
  const before = alerts().length;
  await perly.post(event);
  await slack.waitForMessages(() => alerts().length > before);
  return alerts().at(-1)?.ts ?? '';
}
