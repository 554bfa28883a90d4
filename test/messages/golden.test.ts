import { test } from 'vitest';
import { buildAlertMessage, rebuildAlertMessage } from '../../src/messages/alert-message.ts';
import {
  buildLinkedMessage,
  buildUnlinkedMessage,
  buildWelcomeMessage,
} from '../../src/messages/channel-messages.ts';
import { toPlainText } from '../../src/messages/plain-text.ts';
import { controlsOn, marks } from '../support/alert-controls.ts';
import { expectGolden } from '../support/expect-golden.ts';
import { sampleEvent, sampleNames } from '../support/sample-events.ts';

test.each(sampleNames)('%s is an alert that can be read in five seconds', async (name) => {
  const events = [sampleEvent(name)];
  await expectGolden(name, buildAlertMessage(events, controlsOn(events)).message);
});

test('a few alerts are one message, each as it is alone', async () => {
  const events = sampleNames.slice(0, 3).map(sampleEvent);
  await expectGolden('burst', buildAlertMessage(events, controlsOn(events)).message);
});

test('a burst is one message with a bar for each alert', async () => {
  const events = sampleNames.map(sampleEvent);
  await expectGolden('joined', buildAlertMessage(events, controlsOn(events)).message);
});

test('acknowledgements and mutes are shown in the message', async () => {
  const events = sampleNames.map(sampleEvent);
  const done = [{}, marks.acknowledged, marks.muted, marks.both];
  await expectGolden(
    'joined-done',
    rebuildAlertMessage(
      events,
      controlsOn(events, (index) => done[index] ?? {}),
    ),
  );
  const one = [sampleEvent('seed-example')];
  await expectGolden(
    'seed-example-done',
    rebuildAlertMessage(
      one,
      controlsOn(one, () => marks.both),
    ),
  );
});

test('what Slack refuses as blocks is sent as text', async () => {
  await expectGolden('plain-text', toPlainText([sampleEvent('seed-example')]).message);
  await expectGolden('plain-text-hostile', toPlainText([sampleEvent('hostile')]).message);
  await expectGolden('plain-text-joined', toPlainText(sampleNames.map(sampleEvent)).message);
});

const homeUrl = 'https://slack.com/app_redirect?app=A0PERLY0001&team=T0ACMECS001';

test.each([
  ['welcome-linked', true, false],
  ['welcome-waiting', false, false],
  ['welcome-shared', true, true],
  ['welcome-shared-waiting', false, true],
])('the first message in a channel: %s', async (name, linked, isShared) => {
  const message = buildWelcomeMessage({
    userId: 'U012AB3CD',
    perlyAppUrl: 'https://app.perly.ai',
    homeUrl,
    account: linked ? { accountId: 'acct_acme', accountName: 'Acme Inc.' } : undefined,
    isShared,
  });
  await expectGolden(name, message);
});

test('a channel gets a message when its account is linked, and when it is unlinked', async () => {
  const account = { accountId: 'acct_northwind', accountName: 'Northwind & Sons' };
  await expectGolden('linked', buildLinkedMessage(account, homeUrl));
  await expectGolden('unlinked', buildUnlinkedMessage(account, homeUrl));
});
