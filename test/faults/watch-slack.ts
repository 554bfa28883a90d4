import { checkMessage } from '../../sandbox/slack/checks/message.ts';
import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import type { Message } from '../../sandbox/slack/records.ts';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';
import type { RunLog } from './run-log.ts';
import type { ArrivedMessage } from './run-record.ts';

/** Writes down what Slack takes and refuses; a message is forgotten as soon as it is written down. */
export function watchSlack(slack: LocalSlack, runLog: RunLog): void {
  /** Messages whose requests are not over. */
  const open = new Map<string, ArrivedMessage>();
  let place = 0;

  slack.onMessage((message) => {
    const arrived: ArrivedMessage = { at: runLog.now(), slot: senderOf(message), end: undefined };
    const eventIds = eventsIn(message);
    if (eventIds.length === 0)
      runLog.problem(
        'unexpected',
        `a message without an alert came to ${message.channelId}`,
        [],
        message.channelId,
      );
    for (const eventId of eventIds)
      runLog.arrivals.push({ eventId, channelId: message.channelId, place: place++, message: arrived });
    open.set(message.ts, arrived);
    slack.model.deleteMessage(message);
  });

  slack.model.on('webhookCall', ({ channelId, status, body, faulty: isFaulty, messageTs, untaken }) => {
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
        eventIds: eventsInUntaken(untaken),
      });
    if (messageTs !== undefined) open.delete(messageTs);
    // The verification has its own copy of what it needs of these.
    slack.webhookCalls.length = 0;
    slack.refusals.length = 0;
  });
}

function senderOf({ userAgent }: Message): number | undefined {
  const [, slot] = /^process-(\d+)$/.exec(userAgent ?? '') ?? [];
  return slot === undefined ? undefined : Number(slot);
}

/** The ids of a message's alerts, from the customers' addresses. One that stands there twice is there twice. */
function eventsIn({ payload }: Pick<Message, 'payload'>): string[] {
  return renderMessage(payload).flatMap(({ links }) => [
    ...new Set(links.flatMap(({ url }) => new URL(url).searchParams.get('e') ?? [])),
  ]);
}

/** The same of what Slack did not take; none of what it could not have taken. */
function eventsInUntaken(untaken: unknown): string[] {
  const checked = checkMessage(untaken);
  return checked.ok ? eventsIn(checked) : [];
}
