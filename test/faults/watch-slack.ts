import { checkMessage } from '../../sandbox/slack/checks/message.ts';
import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import type { Message } from '../../sandbox/slack/records.ts';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';
import { type FaultChannel, ownerUserOf } from './channels.ts';
import type { RunLog } from './run-log.ts';
import type { Arrival, ArrivedMessage } from './run-record.ts';

/** Records what Slack accepts and refuses; a message is dropped from the local Slack as soon as it is recorded. */
export function watchSlack(
  slack: LocalSlack,
  runLog: RunLog,
  channels: readonly Pick<FaultChannel, 'id' | 'accountId'>[] = [],
): void {
  const accountOf = new Map(channels.map(({ id, accountId }) => [id, accountId]));
  /** Messages whose requests are not over. */
  const open = new Map<string, ArrivedMessage>();
  let place = 0;

  slack.onMessage((message) => {
    const arrived: ArrivedMessage = { at: runLog.now(), slot: senderOf(message), end: undefined };
    const alerts = alertsIn(message);
    checkMentions(message);
    if (alerts.length === 0)
      runLog.problem(
        'unexpected',
        `a message without an alert came to ${message.channelId}`,
        [],
        message.channelId,
      );
    for (const alert of alerts)
      runLog.arrivals.push({ ...alert, channelId: message.channelId, place: place++, message: arrived });
    open.set(message.ts, arrived);
    slack.model.deleteMessage(message);
  });

  slack.model.on(
    'webhookCall',
    ({ channelId, status, body, faulty: isFaulty, messageTs, unacceptedPayload }) => {
      const at = runLog.now();
      const arrived = messageTs === undefined ? undefined : open.get(messageTs);
      if (arrived !== undefined) arrived.end = { isAnswered: status === 200, isFaulty, at };
      else
        runLog.refusedCalls.push({
          at,
          channelId,
          status,
          body,
          isFaulty,
          eventIds: eventsInRefused(unacceptedPayload),
        });
      if (messageTs !== undefined) open.delete(messageTs);
      // The run log has its own copy.
      slack.webhookCalls.length = 0;
      slack.refusals.length = 0;
    },
  );

  function checkMentions({ channelId, payload }: Message): void {
    for (const [, userId = ''] of JSON.stringify(payload).matchAll(/<@(\w+)>/g)) {
      runLog.mentions += 1;
      if (userId !== ownerUserOf(accountOf.get(channelId) ?? ''))
        runLog.problem('unexpected', `${userId} was mentioned in ${channelId}`, [], channelId);
    }
  }
}

/** A message's alerts, and which of them are reminders. */
function alertsIn({ payload }: Message): Pick<Arrival, 'eventId' | 'isReminder'>[] {
  const { attachments = [], ...rest } = payload;
  const isReminder = (part: unknown) => JSON.stringify(part).includes('Still open for');
  return [
    ...eventsIn({ payload: rest }).map((eventId) => ({ eventId })),
    ...attachments.flatMap((attachment) =>
      eventsIn({ payload: { ...rest, attachments: [attachment] } }).map((eventId) =>
        isReminder(attachment) ? { eventId, isReminder: true } : { eventId },
      ),
    ),
  ];
}

function senderOf({ userAgent }: Message): number | undefined {
  const [, slot] = /^process-(\d+)$/.exec(userAgent ?? '') ?? [];
  return slot === undefined ? undefined : Number(slot);
}

/** Recognised by the customers' URLs. An id that occurs twice is listed twice. */
function eventsIn({ payload }: Pick<Message, 'payload'>): string[] {
  return renderMessage(payload).flatMap(({ links }) => [
    ...new Set(links.flatMap(({ url }) => new URL(url).searchParams.get('e') ?? [])),
  ]);
}

/** The events of a message that Slack did not accept; none if the message is invalid. */
function eventsInRefused(unacceptedPayload: unknown): string[] {
  const checked = checkMessage(unacceptedPayload);
  return checked.ok ? eventsIn(checked) : [];
}
