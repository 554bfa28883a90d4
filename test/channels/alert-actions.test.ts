import { expect, test } from 'vitest';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import { createAlertActions } from '../../src/channels/alert-actions.ts';
import type { AlertClick } from '../../src/channels/clicked-alert.ts';
import { createRecorder } from '../../src/delivery/record.ts';
import type { WebhookMessage } from '../../src/messages/webhook-message.ts';
import { createChannelStore } from '../../src/store/channels/store.ts';
import { deliveryKey, deliveryRef } from '../../src/store/deliveries/document.ts';
import { createDeliveryStore } from '../../src/store/deliveries/store.ts';
import { createEventStore, eventKey } from '../../src/store/events.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { createMuteStore } from '../../src/store/mutes.ts';
import { connectionOf } from '../support/connection-of.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { setupDatabase } from '../support/setup-database.ts';

const database = setupDatabase();

const refOf = (id: string) => deliveryRef(deliveryKey(eventKey('acct_demo', id), 'T1:C1'));

/** Two alerts about two customers, `a` and `b`, wait to be sent; the clicks are on the first. */
async function setup() {
  const { db } = database;
  const clock = createFakeClock();
  const stores = {
    channels: createChannelStore(db, createKeyring([Buffer.alloc(32, 1)])),
    events: createEventStore(db),
    deliveries: createDeliveryStore(db),
    mutes: createMuteStore(db),
  };
  const { channel } = await stores.channels.connect(
    connectionOf({ connectedBy: 'U0DANA00001' }),
    clock.now(),
  );
  const seed = sampleEvent('seed-example');
  const ids = ['a', 'b'];
  await createRecorder({ ...stores, clock })(
    ids.map((id) => ({
      ...seed,
      id,
      customer: { ...seed.customer, id: `cus_${id}`, name: `Customer ${id}` },
    })),
  );
  const actions = createAlertActions({
    // As after a start: the recorder's cache is empty.
    ...stores,
    events: createEventStore(db),
    findMentions: async () => new Map(),
    settings: {
      mute: async (_channelId, _customer, until) => ({ kind: 'saved', until }),
      unmute: async () => ({ kind: 'saved', channel }),
      undoAcknowledge: async () => 1,
    },
    people: { findInsider: async ({ teamId }, { user }) => ({ teamId, userId: user.id }) },
    clock,
  });
  const click: AlertClick = {
    person: { team: null, user: { id: 'U0DANA00001' } },
    ref: refOf('a'),
    revision: 0,
    posted: { kind: 'alerts', refs: ids.map(refOf) },
  };
  const digest: AlertClick = {
    ...click,
    posted: { kind: 'digest', reason: 'quiet_hours', refs: ids.map(refOf), isWhole: true },
  };
  return { db, actions, click, digest };
}

test('a digest whose answer was lost can be acknowledged while it waits to be sent again', async () => {
  const { db, actions, digest } = await setup();
  await db.collection('deliveries').updateMany({}, { $set: { digest: 'quiet_hours' } });
  const result = await actions.acknowledge(digest);
  if (result.kind !== 'acknowledged') throw new Error(`it is ${result.kind}`);
  const text = renderLines((await result.render()).message).join('\n');
  expect(text).toContain('While you were away: 2 alerts, 2 customers');
  expect(text.match(/✓ Acknowledged by @U0DANA00001/g)).toHaveLength(1);
});

test('a digest whose answer was lost is rerendered as it is, if its parts were sent again or wait with others', async () => {
  const { db, actions, digest } = await setup();
  const deliveries = db.collection('deliveries');
  await deliveries.updateMany({}, { $set: { digest: 'quiet_hours' } });
  const read = async (refs: string[]) => {
    const posted = { kind: 'digest', reason: 'quiet_hours', part: 'first', refs, isWhole: true } as const;
    const result = await actions.acknowledge({ ...digest, posted });
    if (result.kind !== 'acknowledged') throw new Error(`it is ${result.kind}`);
    return renderLines((await result.render()).message).join('\n');
  };
  const alone = await read([refOf('a')]);
  expect(alone).toContain('1 alert, 1 customer');
  expect(alone).not.toContain('Customer b');
  await deliveries.updateOne({ ref: refOf('b') }, { $set: { state: 'sent', finishedAt: new Date() } });
  expect(await read([refOf('a'), refOf('b')])).toContain('2 alerts, 2 customers');
});

test('a message is built once for a click, and again only after somebody else changed what it shows', async () => {
  const { db, actions, click } = await setup();
  const result = await actions.acknowledge(click);
  if (result.kind !== 'acknowledged') throw new Error(`it is ${result.kind}`);
  const rendered = await result.render();
  expect(await rendered.renderIfChanged()).toBeUndefined();
  // A write that changes nothing the message shows.
  await db.collection('deliveries').updateMany({}, { $set: { attempts: 7 } });
  expect(await rendered.renderIfChanged()).toBeUndefined();
  await actions.acknowledge({
    ...click,
    ref: refOf('b'),
    person: { team: null, user: { id: 'U0MILO00001' } },
  });
  const changed = await rendered.renderIfChanged();
  const linesOf = (message: WebhookMessage) => renderLines(message).join('\n');
  expect(linesOf(rendered.message)).not.toContain('@U0MILO00001');
  expect(changed && linesOf(changed.message)).toContain('✓ Acknowledged by @U0MILO00001');
  expect(await changed?.renderIfChanged()).toBeUndefined();
});

test('a message with an expired event cannot be rebuilt, and nothing is written', async () => {
  const { db, actions, click, digest } = await setup();
  await db.collection<{ _id: string }>('events').deleteOne({ _id: eventKey('acct_demo', 'b') });
  expect(await actions.acknowledge(click)).toEqual({ kind: 'unknown' });
  expect(await actions.mute(click, { until: new Date() })).toEqual({ kind: 'unknown' });
  await db.collection('deliveries').updateMany({}, { $set: { digest: 'quiet_hours' } });
  expect(await actions.acknowledge(digest)).toEqual({ kind: 'unknown' });
  expect(await db.collection('deliveries').countDocuments({ acknowledgedAt: null })).toBe(2);
});

test('an unknown alert is not acknowledged', async () => {
  const { actions, click } = await setup();
  expect(await actions.acknowledge({ ...click, ref: refOf('c') })).toEqual({ kind: 'unknown' });
});

test('an alert of a former account can neither be acknowledged nor its customer muted', async () => {
  const { db, actions, click } = await setup();
  expect(await actions.mute(click, { until: new Date() })).toMatchObject({ kind: 'muted' });
  await db.collection('channels').updateOne({}, { $set: { accountId: 'acct_other' } });
  expect(await actions.mute(click, { until: new Date() })).toEqual({ kind: 'gone' });
  expect(await actions.acknowledge(click)).toEqual({ kind: 'gone' });
  expect(await db.collection('deliveries').countDocuments({ acknowledgedAt: null })).toBe(2);
});
