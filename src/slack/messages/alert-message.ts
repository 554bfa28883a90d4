import { AppError } from '../../errors.ts';
import type { PerlyEvent } from '../../perly/event.ts';
import { toAlert, toCompactAlert } from './alert.ts';
import { assertFits, brokenLimits } from './fits.ts';
import { limits } from './limits.ts';
import type { AlertAttachment, WebhookMessage } from './webhook-message.ts';
import { countOf } from './wording.ts';

/** A message, and how many of the events, from the first on, are in it. */
export interface Batch {
  message: WebhookMessage;
  taken: number;
}

/**
 * The message for what waits for a channel: one event in full, or as many as Slack takes, each in two blocks.
 *
 * @param events in the order in which they are to be read, at least one
 * @throws AppError `no_events` if there is none
 */
export function buildAlertMessage(events: readonly PerlyEvent[]): Batch {
  const [first] = events;
  if (first === undefined) throw new AppError('no_events', 'An alert message needs at least one event');
  if (events.length > 1) {
    const joined = joinAlerts(events);
    if (joined.taken > 1) return joined;
  }
  // No text of its own: Slack would show it above the alert, which says it already, and the fallback serves the
  // notification. https://docs.slack.dev/reference/methods/chat.postMessage ("not enforced as required when using
  // blocks or attachments")
  return { message: assertFits(toMessage([toAlert(first)])), taken: 1 };
}

function joinAlerts(events: readonly PerlyEvent[]): Batch {
  const attachments: AlertAttachment[] = [];
  let batch: Batch = { message: toMessage([]), taken: 0 };
  for (const event of events.slice(0, limits.attachments)) {
    attachments.push(toCompactAlert(event));
    const message = {
      // A notification shows one line only: for several alerts that is how many they are, and how bad.
      text: countLine(events.slice(0, attachments.length)),
      ...toMessage([...attachments]),
    };
    if (brokenLimits(message).length > 0) break;
    batch = { message, taken: attachments.length };
  }
  return batch;
}

function toMessage(attachments: AlertAttachment[]): WebhookMessage {
  return { attachments, unfurl_links: false, unfurl_media: false };
}

/** `20 alerts, 3 critical`. */
function countLine(events: readonly PerlyEvent[]): string {
  const critical = events.filter((event) => event.risk_level === 'critical').length;
  return `${countOf(events.length, 'alert')}${critical > 0 ? `, ${critical} critical` : ''}`;
}
