import { setTimeout as wait } from 'node:timers/promises';
import { minuteMs } from '../../src/lib/time.ts';
import type { Engine } from './engine.ts';
import type { RunLog } from './run-log.ts';

/** Longer than the channels wait with reminders. */
const agedMs = 16 * minuteMs;

/** Interval at which alerts are aged. Milliseconds. */
const intervalMs = 15_000;

/**
 * Makes reminders fall due in a run that is far shorter than their time: it backdates the alerts that were sent.
 *
 * @returns settles when the load has ended; from then on no further reminder falls due
 */
export async function ageAlerts(engine: Engine, ended: AbortSignal): Promise<void> {
  const { db, close } = await engine.open();
  const awaiting = { awaitsReminder: true, state: 'sent' };
  const deliveries = db.collection('deliveries');
  while (!ended.aborted) {
    await wait(intervalMs, undefined, { signal: ended }).catch(() => undefined);
    const since = { finishedAt: { $gt: new Date(Date.now() - agedMs) } };
    await deliveries.updateMany({ ...awaiting, ...since }, [
      { $set: { finishedAt: { $subtract: ['$finishedAt', agedMs] } } },
    ]);
  }
  await deliveries.updateMany({ awaitsReminder: true }, { $unset: { awaitsReminder: '' } });
  await close();
}

/** Waits until all reminders are sent, and checks that each one arrived. @returns how many there are */
export async function checkReminders(engine: Engine, runLog: RunLog): Promise<number> {
  const { db, close } = await engine.open();
  const deliveries = db.collection('deliveries');
  const recorded = await deliveries.find({ reminder: { $exists: true } }).toArray();
  const reminded = await deliveries.find({ remindedAt: { $exists: true } }).toArray();
  await close();
  const ofAlerts = new Set(recorded.map(({ reminder }) => reminder.of));
  for (const { _id, eventKey, channelId } of reminded)
    if (!ofAlerts.has(_id)) report(eventKey, channelId, 'has no reminder in the database');
  const arrived = new Set(
    runLog.arrivals
      .filter(({ isReminder }) => isReminder)
      .map(({ eventId, channelId }) => `${eventId} ${channelId}`),
  );
  for (const { eventKey, channelId } of recorded)
    if (!arrived.has(`${eventIdOf(eventKey)} ${slackIdOf(channelId)}`))
      report(eventKey, channelId, 'has a reminder that never came');
  return recorded.length;

  function report(eventKey: string, channelId: string, what: string): void {
    const [eventId, slackId] = [eventIdOf(eventKey), slackIdOf(channelId)];
    runLog.problem('delivery', `${eventId} in ${slackId} ${what}`, [eventId], slackId);
  }
}

function eventIdOf(eventKey: string): string {
  const [, eventId = eventKey]: string[] = JSON.parse(eventKey);
  return eventId;
}

function slackIdOf(channelId: string): string {
  return channelId.split(':')[1] ?? channelId;
}
