import { expect } from 'vitest';
import { createHomeDriver } from '../../support/home-driver.ts';
import { postTogether } from '../../support/post-together.ts';
import { sampleEvent } from '../../support/sample-events.ts';
import type { TestApp } from '../../support/test-app.ts';

/** Uses an alert, Home, and each of its modals, as people do. */
export async function walkSlack(app: TestApp): Promise<void> {
  const { slack } = app;
  const dana = createHomeDriver(() => app, 'dana');
  const channel = '#customer-health';
  const before = slack.messages(channel).length;
  const events = ['walk_1', 'walk_2', 'walk_3', 'walk_4', 'walk_5', 'walk_6'].map((id) => ({
    ...sampleEvent('seed-example'),
    id,
  }));
  await postTogether(app, channel, events);
  const messages = await slack.waitForMessages(before + 1, undefined, channel);
  const on = messages.at(-1)?.ts ?? '';
  for (const choice of ['open', 'acknowledge', 'mute'])
    await slack.click({ user: 'dana', on, actionId: 'alert_menu', attachment: 1, choice });
  await expect.poll(() => dana.modalText()).toContain('For how long');
  await dana.submit({ mute: 'week' });
  // On a busy machine a modal may say that saving takes longer.
  await slack.closeView('dana', { all: true });

  await dana.open();
  await dana.press('channel_edit_rules', 'Customer at risk');
  await dana.use('rules_field', { blockId: dana.field('timing'), choice: 'digest' });
  await expect.poll(() => JSON.stringify(dana.modal()?.content)).toContain('rules_time_zone');
  const zone = { user: 'dana', on: 'modal', actionId: 'rules_time_zone' } as const;
  await slack.suggest({ ...zone, query: 'Berlin' });
  await slack.click({ ...zone, choice: 'Europe/Berlin' });
  await dana.submit();
  await slack.closeView('dana', { all: true });
  await dana.press('channel_pause', 'How long');
  await dana.submit();
  await slack.closeView('dana', { all: true });
  await dana.press('channel_menu', 'Managers can change', 'managers');
  await dana.submit();
  await slack.closeView('dana', { all: true });
  await dana.press('channel_activity', 'what happened to them');
  await slack.closeView('dana', { all: true });
  await dana.press('channel_menu', 'gets no alerts about these customers', 'muted');
  await slack.closeView('dana', { all: true });
  await dana.press('channel_menu', 'Disconnect <#', 'disconnect');
  await dana.submit();
}
