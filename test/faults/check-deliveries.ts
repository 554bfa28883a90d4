import type { Db } from 'mongodb';
import type { Engine } from './engine.ts';
import type { RunLog } from './run-log.ts';

type Delivery = { _id: string; eventKey: string; channelId: string; state: string; lastError: string | null };
type Event = { _id: string; decisions: { channelId: string; outcome: string }[] };

const pageSize = 500;

/**
 * Checks the database after the run: every event that was to be sent has its delivery, and every delivery is `sent`.
 */
export async function checkDeliveries(engine: Engine, runLog: RunLog): Promise<void> {
  const { db, close } = await engine.open();
  const left = db.collection<Delivery>('deliveries').find({ state: { $ne: 'sent' } });
  for await (const { eventKey, channelId, state, lastError } of left)
    reportDelivery(runLog, eventKey, channelId, `is ${state} in the database (${lastError ?? 'no error'})`);

  let page: Event[] = [];
  const events = db.collection<Event>('events').find({}, { projection: { decisions: 1 } });
  for await (const event of events) {
    page.push(event);
    if (page.length < pageSize) continue;
    await checkPage(db, page, runLog);
    page = [];
  }
  await checkPage(db, page, runLog);
  await close();
}

async function checkPage(db: Db, page: readonly Event[], runLog: RunLog): Promise<void> {
  const wanted = page.flatMap(({ _id, decisions }) =>
    decisions
      .filter(({ outcome }) => outcome === 'send')
      .map(({ channelId }) => ({ eventKey: _id, channelId })),
  );
  const ids = wanted.map(({ eventKey, channelId }) => `${eventKey} ${channelId}`);
  const found = await db
    .collection<Delivery>('deliveries')
    .find({ _id: { $in: ids } }, { projection: { _id: 1 } })
    .toArray();
  const there = new Set(found.map(({ _id }) => _id));
  for (const { eventKey, channelId } of wanted)
    if (!there.has(`${eventKey} ${channelId}`))
      reportDelivery(runLog, eventKey, channelId, 'has no delivery in the database');
}

function reportDelivery(runLog: RunLog, eventKey: string, channelId: string, what: string): void {
  const [, eventId = eventKey]: string[] = JSON.parse(eventKey);
  const [, slackChannelId] = channelId.split(':');
  runLog.problem('delivery', `${eventId} in ${slackChannelId} ${what}`, [eventId], slackChannelId);
}
