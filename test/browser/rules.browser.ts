import type { Locator } from 'playwright-core';
import { describe, expect } from 'vitest';
import { editRules, inShort, pick, save } from './support/home-page.ts';
import type { SlackPage } from './support/slack-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

/** Waits for the outcome. */
async function post(who: SlackPage, button: string, outcome: string | RegExp): Promise<void> {
  await who.post(button);
  await who.outcomes.filter({ hasText: outcome }).waitFor();
}

/** Monday to Friday from 09:00 to 17:00 in Berlin. */
async function chooseHours(modal: Locator, timing: string): Promise<void> {
  await modal.getByRole('radio', { name: timing }).check();
  await pick(modal, 'Time zone', 'Berlin');
  await inShort(modal, 'Berlin');
}

describe('each rule that is set in the modal is applied:', () => {
  test('events, risk level and smallest drop', async ({ sandbox }) => {
    await sandbox.connect(channel);
    const dana = await sandbox.open('dana');
    const modal = await editRules(dana, channel);
    await modal.getByRole('checkbox', { name: 'Expansion signal' }).uncheck();
    await inShort(modal, /gets customer at risk, health score drop/);
    await pick(modal, 'Risk level', 'High and critical');
    await inShort(modal, 'of high and critical risk');
    await modal.getByRole('textbox', { name: 'Smallest health score drop' }).fill('20');
    await inShort(modal, 'only from 20 points');
    await save(dana);

    await post(dana, 'Expansion signal', 'event_type_off');
    await post(dana, 'Medium', 'below_risk_threshold');
    await post(dana, 'Health score drop', 'below_score_delta');
    await post(dana, 'High', 'sent');

    await editRules(dana, channel);
    await modal
      .getByText('Over the last 7 days, these rules would have sent 1, held 0 and suppressed 3.')
      .waitFor();
    await modal.getByText('Last sent: Globex — Customer at risk').waitFor();
    await modal
      .getByText(
        'Last suppressed: Acme Corp — Health score drop (drop too small) · Globex — Customer at risk (risk level too low) · Initech — Expansion signal (event is off)',
      )
      .waitFor();
  });

  test('business hours, with other alerts in a digest', async ({ sandbox }) => {
    await sandbox.connect(channel);
    const dana = await sandbox.open('dana');
    await dana.advanceClock('Next Monday 09:00');
    const modal = await editRules(dana, channel);
    await chooseHours(modal, 'Outside business hours: one digest afterwards');
    await save(dana);

    await post(dana, 'Low', 'sent');
    await dana.advanceClock('+8 h');
    await post(dana, 'High', 'held');
    await post(dana, 'Critical', 'sent');
    const messages = await dana.channel('customer-health');
    await (await dana.home()).getByText(/1 held.*Tomorrow/).waitFor();

    await dana.advanceClock('+8 h');
    await dana.advanceClock('+8 h');
    await dana.channel('customer-health');
    const digest = messages.last();
    await digest.getByText('While you were away: 1 alert').waitFor();
    await digest.getByTestId('attachment').getByText('Globex').waitFor();
    await expect.poll(() => messages.count()).toBe(4);
  });

  test('business hours, with other alerts discarded', async ({ sandbox }) => {
    await sandbox.connect(channel);
    const dana = await sandbox.open('dana');
    await dana.advanceClock('Next Monday 09:00');
    const modal = await editRules(dana, channel);
    await chooseHours(modal, 'Outside business hours: nothing');
    await save(dana);

    await dana.advanceClock('+8 h');
    await post(dana, 'High', 'quiet_hours');
    await post(dana, 'Critical', 'sent');
  });

  test('one digest a day, with what is critical at once', async ({ sandbox }) => {
    await sandbox.connect(channel);
    const dana = await sandbox.open('dana');
    await dana.advanceClock('Next Monday 09:00');
    const modal = await editRules(dana, channel);
    await chooseHours(modal, 'One digest a day');
    await inShort(modal, 'one digest a day: Mon–Fri 09:00, Berlin');
    await save(dana);

    await post(dana, 'High', 'held');
    await post(dana, 'Critical', 'sent');
    for (const _ of Array.from({ length: 3 })) await dana.advanceClock('+8 h');
    const messages = await dana.channel('customer-health');
    await messages.last().getByText('Daily digest: 1 alert').waitFor();
  });

  test('other hours on a weekday, and public holidays', async ({ sandbox }) => {
    await sandbox.connect(channel);
    const dana = await sandbox.open('dana');
    await dana.advanceClock('Next Monday 09:00');
    const modal = await editRules(dana, channel);
    await chooseHours(modal, 'Outside business hours: nothing');
    await modal.getByRole('button', { name: 'Holidays and other hours' }).click();
    await pick(modal, 'Public holidays', 'Germany, Bayern');
    await inShort(modal, 'closed on public holidays of Germany, Bayern; next:');
    const other = modal.getByRole('textbox', { name: 'Other hours' });
    await other.fill('Mondays from ten');
    await modal.getByText('Still missing: other hours').waitFor();
    await other.fill('Mon 10:00–12:00');
    await inShort(modal, 'Mon 10:00–12:00, Tue–Fri 09:00–17:00, Berlin');
    await save(dana);

    await post(dana, 'High', 'quiet_hours');
    await (await dana.home())
      .getByText('quiet outside Mon 10:00–12:00, Tue–Fri 09:00–17:00, Berlin')
      .waitFor();
  });
});

test('errors are shown at their fields, and nothing is lost', async ({ sandbox }) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  const modal = await editRules(dana, channel);
  const drop = modal.getByRole('textbox', { name: 'Smallest health score drop' });
  const wrong = modal.getByRole('alert');
  await drop.fill('120');
  await modal.getByText('Still missing:').waitFor();
  await modal.getByRole('button', { name: 'Save' }).click();
  await wrong.getByText('Enter a number that is at most 100').waitFor();

  await drop.fill('15');
  await inShort(modal, 'only from 15 points');
  await modal.getByRole('radio', { name: 'Outside business hours: one digest afterwards' }).check();
  await modal.getByText('Still missing:').waitFor();
  await modal.getByRole('button', { name: 'Save' }).click();
  await wrong.first().waitFor();

  await pick(modal, 'Time zone', 'Berlin');
  await inShort(modal, 'only from 15 points');
  await save(dana);
});
