import { expect, test } from 'vitest';
import { setupHome } from '../../support/setup-home.ts';

const fixture = setupHome();
const { dana, milo } = fixture;

const publishes = () =>
  fixture.running.logs.filter((line) => line.includes("apiCall('views.publish') start")).length;

const hashes = () => ['dana', 'milo'].map((user) => fixture.running.slack.home(user)?.hash);

test('saved rules publish Home once for whoever saved them, and once for everyone else who has it open', async () => {
  await milo.open();
  // Publishing begins with the person who opened Home last.
  await dana.open('Edit rules');
  const [danas, milos] = hashes();
  const before = publishes();
  await dana.editRules();
  await dana.use('rules_preset_escalations');
  await expect.poll(() => dana.modalText()).toContain('gets customer at risk, of high and critical risk');
  await dana.submit();
  await expect.poll(() => hashes()[0]).not.toBe(danas);
  await expect.poll(() => hashes()[1]).not.toBe(milos);
  expect(publishes() - before).toBe(2);
});

test('an answer that is not Slack’s does not end the updates of a Home', async () => {
  const { slack, logs, db } = fixture.running;
  const since = logs.length;
  slack.failApi('views.publish', { status: 200, body: '<html>Sign in</html>', type: 'html' }, 1);
  await slack.openHome('milo');
  await expect.poll(() => logs.slice(since).join('\n')).toContain('a Home was not published');
  const viewers = () => db.collection('homeViewers').countDocuments({ userId: 'U0MILO00002' });
  await expect.poll(viewers).toBe(1);
});
