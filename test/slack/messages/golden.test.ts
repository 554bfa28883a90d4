import { test } from 'vitest';
import { buildAlertMessage } from '../../../src/slack/messages/alert-message.ts';
import { toPlainText } from '../../../src/slack/messages/plain-text.ts';
import { buildWelcomeMessage } from '../../../src/slack/messages/welcome.ts';
import { expectGolden } from '../../support/expect-golden.ts';
import { sampleEvent, sampleNames } from '../../support/sample-events.ts';

test.each(sampleNames)('%s is an alert that is read in five seconds', async (name) => {
  await expectGolden(name, buildAlertMessage([sampleEvent(name)]).message);
});

test('a storm is one message with a bar for each alert', async () => {
  await expectGolden('joined', buildAlertMessage(sampleNames.map(sampleEvent)).message);
});

test('what Slack refuses as blocks arrives as text', async () => {
  await expectGolden('plain-text', toPlainText([sampleEvent('seed-example')]).message);
  await expectGolden('plain-text-hostile', toPlainText([sampleEvent('hostile')]).message);
  await expectGolden('plain-text-joined', toPlainText(sampleNames.map(sampleEvent)).message);
});

test.each([true, false])('the first message in a channel, linked to an account: %s', async (linked) => {
  const message = buildWelcomeMessage({ userId: 'U012AB3CD', perlyAppUrl: 'https://app.perly.ai', linked });
  await expectGolden(linked ? 'welcome-linked' : 'welcome-waiting', message);
});
