import type { PerlyEvent } from '../domain/event.ts';
import { AppError } from '../lib/errors.ts';
import { toAlert, toCompactAlert } from './alert.ts';
import { type ControlsByEvent, noControls } from './alert-controls.ts';
import { limits } from './block-kit/limits.ts';
import { assertValidMessage, limitViolations } from './block-kit/validate-message.ts';
import { withMostDetail } from './compact-attachment.ts';
import { countOf } from './labels.ts';
import type { AlertAttachment, WebhookMessage } from './webhook-message.ts';

/** Up to this many alerts in one message keep the layout of a single one. */
const maxInFull = 5;

/** A message, and how many of the events it contains, from the first one on. */
export interface AlertBatch {
  message: WebhookMessage;
  included: number;
}

/**
 * The message for a channel's pending alerts: up to five in full if Slack accepts that, or as many as it accepts in
 * compact form.
 * @param events in reading order, at least one
 * @throws AppError `no_events` if there is none
 */
export function buildAlertMessage(
  events: readonly PerlyEvent[],
  controls: ControlsByEvent = noControls,
): AlertBatch {
  const [first] = events;
  if (first === undefined) throw new AppError('no_events', 'An alert message needs at least one event');
  if (events.length > 1) {
    const full = fitInFull(events, controls);
    if (full !== undefined) return { message: full, included: events.length };
    const joined = fitAlerts(events, controls);
    if (joined.included > 1) return joined;
  }
  // Without a text of its own: Slack would show it above the alert, which repeats it, and the fallback serves the
  // notification. https://docs.slack.dev/reference/methods/chat.postMessage ("not enforced as required when using
  // blocks or attachments")
  return { message: assertValidMessage(toMessage([toAlert(first, controls.get(first.id))])), included: 1 };
}

/** A posted message with the present state of its controls. @param events the message's events, at least one */
export function rebuildAlertMessage(
  events: readonly PerlyEvent[],
  controls: ControlsByEvent,
): WebhookMessage {
  if (events.length === 1) return buildAlertMessage(events, controls).message;
  return (
    fitInFull(events, controls) ??
    withMostDetail((detail) =>
      toBatchMessage(
        events,
        events.map((event) => toCompactAlert(event, controls.get(event.id), detail)),
      ),
    )
  );
}

/** A few alerts, each as it is alone; `undefined` if there are more, or if Slack would refuse them together. */
function fitInFull(events: readonly PerlyEvent[], controls: ControlsByEvent): WebhookMessage | undefined {
  if (events.length > maxInFull) return undefined;
  const message = toBatchMessage(
    events,
    events.map((event) => toAlert(event, controls.get(event.id))),
  );
  return limitViolations(message).length === 0 ? message : undefined;
}

/** As many alerts as Slack accepts in one message: usually all, so that is tried first. */
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
  // A notification shows one line: for several alerts, how many there are and how bad.
  return { text: countLine(events), ...toMessage(attachments) };
}

function toMessage(attachments: AlertAttachment[]): WebhookMessage {
  return { attachments, unfurl_links: false, unfurl_media: false };
}

function countLine(events: readonly PerlyEvent[]): string {
  const critical = events.filter((event) => event.risk_level === 'critical').length;
  return `${countOf(events.length, 'alert')}${critical > 0 ? `, ${critical} critical` : ''}`;
}
