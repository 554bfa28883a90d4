import { settingsPath } from '../../sandbox/perly/settings-page.ts';
import { editRules, inShort, pick, save } from './support/home-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

test('Perly’s support can read out why an alert did not come, and when it will', async ({ sandbox }) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  await dana.advanceClock('Next Monday 09:00');
  const rules = await editRules(dana, channel);
  await rules.getByRole('radio', { name: 'Outside business hours: one digest afterwards' }).check();
  await pick(rules, 'Time zone', 'Berlin');
  await inShort(rules, 'Berlin');
  await rules.getByRole('checkbox', { name: 'Expansion signal' }).uncheck();
  await inShort(rules, /gets customer at risk, health score drop/);
  await save(dana);

  const explanation = dana.page.getByTestId('explanations');
  await dana.post('Expansion signal');
  await explanation.getByText('Not sent, because this event type is off in the rules.').waitFor();
  await dana.advanceClock('+8 h');
  await dana.post('High');
  await explanation
    .getByText(
      /Held until Tuesday .*, 09:00 \(Berlin\), because it came outside this channel’s business hours: Mon–Fri 09:00–17:00, Berlin/,
    )
    .waitFor();

  const tab = await dana.page.context().newPage();
  await tab.goto(`${sandbox.demo.config.perly.appUrl}${settingsPath}`);
  const shown = tab.getByRole('region', { name: channel });
  await shown
    .getByText(/It is outside business hours .*: critical alerts are sent at once, others are held/)
    .waitFor();
  await shown.getByText(/1 alert is held for the next digest on Tuesday .*, 09:00 \(Berlin\)\./).waitFor();
});
