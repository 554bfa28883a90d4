import { AppError } from '../../errors.ts';
import type { PerlyEvent } from '../../perly/event.ts';
import { toAlert, toCompactAlert } from './alert.ts';
import { type ControlsByEvent, noControls } from './alert-controls.ts';
import { firstThatFits } from './first-that-fits.ts';
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
export function buildAlertMessage(
  events: readonly PerlyEvent[],
  controls: ControlsByEvent = noControls,
): Batch {
  const [first] = events;
  if (first === undefined) throw new AppError('no_events', 'An alert message needs at least one event');
  if (events.length > 1) {
    const joined = joinAlerts(events, controls);
    if (joined.taken > 1) return joined;
  }
  // No text of its own: Slack would show it above the alert, which says it already, and the fallback serves the
  // notification. https://docs.slack.dev/reference/methods/chat.postMessage ("not enforced as required when using
  // blocks or attachments")
  return { message: assertFits(toMessage([toAlert(first, controls.get(first.id))])), taken: 1 };
}

/**
 * A message that was posted, with what people did with its alerts since.
 *
 * @param events those that are in it, at least one
 */
export function rebuildAlertMessage(
  events: readonly PerlyEvent[],
  controls: ControlsByEvent,
): WebhookMessage {
  if (events.length === 1) return buildAlertMessage(events, controls).message;
  return firstThatFits((detail) =>
    toJoined(
      events,
      events.map((event) => toCompactAlert(event, controls.get(event.id), detail)),
    ),
  );
}

/** As many alerts as Slack takes in one message: mostly all, so that is tried first. */
function joinAlerts(events: readonly PerlyEvent[], controls: ControlsByEvent): Batch {
  const attachments = events
    .slice(0, limits.attachments)
    .map((event) => toCompactAlert(event, controls.get(event.id)));
  for (let taken = attachments.length; taken > 0; taken--) {
    const message = toJoined(events.slice(0, taken), attachments.slice(0, taken));
    if (brokenLimits(message).length === 0) return { message, taken };
  }
  return { message: toMessage([]), taken: 0 };
}

function toJoined(events: readonly PerlyEvent[], attachments: AlertAttachment[]): WebhookMessage {
  // A notification shows one line only: for several alerts that is how many they are, and how bad.
  return { text: countLine(events), ...toMessage(attachments) };
}

function toMessage(attachments: AlertAttachment[]): WebhookMessage {
  return { attachments, unfurl_links: false, unfurl_media: false };
}

/** `20 alerts, 3 critical`. */
function countLine(events: readonly PerlyEvent[]): string {
  const critical = events.filter((event) => event.risk_level === 'critical').length;
  return `${countOf(events.length, 'alert')}${critical > 0 ? `, ${critical} critical` : ''}`;
}
