import type { PerlyEvent } from '../domain/event.ts';
import { AppError } from '../lib/errors.ts';
import { toAlert, toCompactAlert } from './alert.ts';
import { type ControlsByEvent, noControls } from './alert-controls.ts';
import { limits } from './block-kit/limits.ts';
import { assertValidMessage, limitViolations } from './block-kit/validate-message.ts';
import { withMostDetail } from './compact-attachment.ts';
import { countOf } from './labels.ts';
import type { AlertAttachment, WebhookMessage } from './webhook-message.ts';

/** A message, and how many of the events, from the first on, are in it. */
export interface AlertBatch {
  message: WebhookMessage;
  included: number;
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
): AlertBatch {
  const [first] = events;
  if (first === undefined) throw new AppError('no_events', 'An alert message needs at least one event');
  if (events.length > 1) {
    const joined = fitAlerts(events, controls);
    if (joined.included > 1) return joined;
  }
  // No text of its own: Slack would show it above the alert, which says it already, and the fallback serves the
  // notification. https://docs.slack.dev/reference/methods/chat.postMessage ("not enforced as required when using
  // blocks or attachments")
  return { message: assertValidMessage(toMessage([toAlert(first, controls.get(first.id))])), included: 1 };
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
  return withMostDetail((detail) =>
    toBatchMessage(
      events,
      events.map((event) => toCompactAlert(event, controls.get(event.id), detail)),
    ),
  );
}

/** As many alerts as Slack takes in one message: mostly all, so that is tried first. */
function fitAlerts(events: readonly PerlyEvent[], controls: ControlsByEvent): AlertBatch {
  const attachments = events
    .slice(0, limits.attachments)
    .map((event) => toCompactAlert(event, controls.get(event.id)));
  for (let included = attachments.length; included > 0; included--) {
    const message = toBatchMessage(events.slice(0, included), attachments.slice(0, included));
    if (limitViolations(message).length === 0) return { message, included };
  }
  return { message: toMessage([]), included: 0 };
}

function toBatchMessage(events: readonly PerlyEvent[], attachments: AlertAttachment[]): WebhookMessage {
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
