import { cardOf, editRules, inShort, save } from './support/home-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

test('two people edit the same rules: the second sees what the first saved, and decides', async ({
  sandbox,
}) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  const milo = await sandbox.open('milo');
  await (await milo.home()).getByText('Managed by @Dana Reyes').waitFor();

  const { controls } = cardOf(await dana.home(), channel);
  await controls.getByRole('button', { name: 'More actions' }).click();
  await dana.page.getByRole('menuitem', { name: 'Who can manage' }).click();
  await dana.modal.getByRole('radio', { name: 'Everyone in this workspace' }).check();
  await save(dana);

  const mine = await editRules(milo, channel);
  const theirs = await editRules(dana, channel);
  await theirs.getByRole('button', { name: 'Escalations: ' }).click();
  await inShort(theirs, 'of high and critical risk');
  await save(dana);

  await mine.getByRole('button', { name: 'Billing alerts: ' }).click();
  await inShort(mine, 'billing retry failed');
  await mine.getByRole('button', { name: 'Save' }).click();
  await mine.getByText('@Dana Reyes changed these rules while you were editing them.').waitFor();
  await mine.getByText('Customer at risk · high and critical').waitFor();
  await mine.getByRole('button', { name: 'Use theirs' }).click();
  await inShort(mine, 'of high and critical risk');
  await mine.getByRole('checkbox', { name: 'Billing retry failed' }).check();
  await inShort(mine, 'customer at risk and billing retry failed');
  await save(milo);
  await cardOf(await dana.home(), channel)
    .rules.getByText('Customer at risk, billing retry failed · high and critical')
    .waitFor();
});
