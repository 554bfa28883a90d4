import { allow, continueToSlack } from './support/consent.ts';
import { test } from './support/test.ts';

test('a workspace that allows approved apps only: a person requests Perly, and installs it once approved', async ({
  sandbox,
}) => {
  const dana = await sandbox.open('dana');
  const press = (name: string) => dana.page.getByRole('button', { name, exact: true }).click();
  const connect = () => dana.inNewTab(() => dana.page.getByRole('link', { name: 'Connect Slack' }).click());
  await press('Allow approved apps only');
  await dana.page.getByText('people can request Perly, and not install it').waitFor();

  const requesting = await connect();
  await continueToSlack(requesting);
  await requesting.getByText('An administrator has to approve this one.').waitFor();
  await requesting.getByRole('button', { name: 'Request to install' }).click();
  await requesting.getByRole('heading', { name: 'Your request to install Perly was sent' }).waitFor();
  await requesting.close();

  const cancelling = await connect();
  await continueToSlack(cancelling);
  await cancelling.getByRole('button', { name: 'Cancel' }).click();
  await cancelling.getByRole('heading', { name: 'Slack did not approve it' }).waitFor();
  await cancelling.close();

  await press('Approve Perly');
  await dana.page.getByText('has approved Perly: people can install it').waitFor();
  const installing = await connect();
  await continueToSlack(installing);
  await allow(installing, '#customer-health');
  await installing.getByRole('heading', { name: 'Alerts are active in #customer-health' }).waitFor();
  await installing.close();

  await press('Allow approved apps only');
  await dana.page.getByText('Perly is installed already').waitFor();
});
