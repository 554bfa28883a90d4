import { expect } from 'vitest';
import { allow } from './support/consent.ts';
import { cardOf } from './support/home-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

test('a channel whose webhook is gone says so in Home, and gets what it missed when it is reconnected', async ({
  sandbox,
}) => {
  sandbox.expectErrors(/Slack refused: no_service/);
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  const messages = await dana.channel('customer-health');
  await dana.page.getByRole('button', { name: 'Remove the webhook of #customer-health' }).click();
  await dana.post('High');
  await dana.outcomes.filter({ hasText: 'held' }).waitFor();
  await dana.post('Health score drop');
  await dana.outcomes.filter({ hasText: 'held' }).waitFor();

  const home = await dana.home();
  const card = cardOf(home, channel);
  await card.state.getByText('⚠️ Broken:').waitFor();
  const tab = await dana.inNewTab(() => card.controls.getByRole('link', { name: 'Reconnect' }).click());
  await allow(tab, channel);
  await tab.getByRole('heading', { name: 'Reconnected #customer-health' }).waitFor();
  await tab.getByText('2 alerts').waitFor();
  await card.state.getByText('🟢 Active').waitFor();

  await dana.channel('customer-health');
  const digest = messages.filter({ hasText: '2 alerts, 2 customers' });
  await digest.getByText('Globex').first().waitFor();
  await digest.getByText('Acme Corp').first().waitFor();
});

test('an outage of Slack delays alerts, and loses none', async ({ sandbox }) => {
  sandbox.expectErrors(/Slack refused/);
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  const messages = await dana.channel('customer-health');
  await messages.first().waitFor();
  await dana.page.getByRole('button', { name: 'An outage' }).click();
  await dana.page.getByText('Slack answers the next 3 messages with 503.').waitFor();
  await dana.post('High');
  await dana.outcomes.filter({ hasText: 'pending' }).waitFor();
  // The retries come after 1 s, 5 s and 30 s.
  const outcome = async () => {
    await dana.advanceClock('+1 h');
    return dana.outcomes.textContent();
  };
  await expect.poll(outcome, { interval: 500 }).toContain('sent');
  await messages.last().getByText('Globex').waitFor();
});
