import { expect } from 'vitest';
import type { TestApp } from './test-app.ts';
import { textOf } from './view-text.ts';

/** Mutes as a manager does, with the alert's button and the modal that follows. */
export async function muteCustomer(
  { slack }: TestApp,
  {
    period = 'day',
    teamId,
    ...target
  }: { user: string; on: string; attachment?: number; period?: string; teamId?: string },
): Promise<void> {
  const { user } = target;
  await slack.click({ ...target, actionId: 'mute_customer' });
  await expect.poll(() => textOf(slack.modals(user, teamId).at(-1))).toContain('For how long');
  await slack.submitView(user, { mute: period }, teamId);
}
