import { expect } from 'vitest';
import type { TestApp } from './test-app.ts';
import { textOf } from './view-text.ts';

/** Mutes the customer of an alert with a button as a manager does: by its button, and the modal that then asks. */
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
