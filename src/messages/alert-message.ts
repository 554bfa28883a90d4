import type { PerlyEvent } from '../domain/event.ts';
import { AppError } from '../lib/errors.ts';
import { cutBudget, toAlert, toCompactAlert, uncutBudget } from './alert.ts';
import {
  type AlertControls,
  type ControlsByEvent,
  hasStatus,
  noControls,
  toReminderLine,
  withoutStatus,
} from './alert-controls.ts';
import { customerName, type LengthBudget } from './alert-lines.ts';
import { isolate } from './block-kit/clean.ts';
import { limits } from './block-kit/limits.ts';
import {
  encodeLinkUrl,
  escapeMrkdwn,
  isLiteralInMrkdwn,
  isUserId,
  mention,
  mrkdwnLink,
  preventAutolink,
} from './block-kit/mrkdwn.ts';
import { assertValidMessage, limitViolations } from './block-kit/validate-message.ts';
import { withMostDetail } from './compact-attachment.ts';
import { countOf, headline } from './labels.ts';
import type { AlertAttachment, WebhookMessage } from './webhook-message.ts';

const maxInFull = 5;

/**
 * Of the JSON of several alerts, before people act on them. Slack's limit is not documented, and a refusal costs a
 * second post and the buttons.
 */
const maxUncutLength = 10_000;

/** The length is measured as `sentLength`. */
const maxNameLength = 80;

/** Of a link in the message's own text. The room is for the alert. */
const maxLinkLength = 1000;

/** The message shows the first `included` events. */
export interface AlertBatch {
  message: WebhookMessage;
  included: number;
}

/** Shows up to five in full if Slack accepts that, else as many as fit in compact form. @throws `no_events` */
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
  const message =
    fitInFull([first], controls) ?? assertValidMessage(toFullMessage([first], controls, cutBudget));
  return { message, included: 1 };
}

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
        detail === 'whole' ? controls : noControls,
      ),
    )
  );
}

/** Texts are cut only if Slack might not accept the message otherwise. */
function fitInFull(events: readonly PerlyEvent[], controls: ControlsByEvent): WebhookMessage | undefined {
  if (events.length > maxInFull) return undefined;
  const uncut = toFullMessage(events, controls, uncutBudget);
  if (leavesRoom(uncut, events, controls) && limitViolations(uncut).length === 0) return uncut;
  const cut = toFullMessage(events, controls, cutBudget);
  return limitViolations(cut).length === 0 ? cut : undefined;
}

/** Later actions must not cut texts that were whole. */
function leavesRoom(
  uncut: WebhookMessage,
  events: readonly PerlyEvent[],
  controls: ControlsByEvent,
): boolean {
  if (events.length === 1) return true;
  const posted = hasStatus(controls) ? toFullMessage(events, withoutStatus(controls), uncutBudget) : uncut;
  return JSON.stringify(posted).length <= maxUncutLength;
}

function toFullMessage(
  events: readonly PerlyEvent[],
  controls: ControlsByEvent,
  budget: LengthBudget,
): WebhookMessage {
  const attachments = events.map((event) => toAlert(event, controls.get(event.id), budget));
  // Slack would show a text above a single alert, which repeats it; the fallback serves the notification.
  return events.length === 1
    ? { ...mentioningText(events, controls), ...toMessage(attachments) }
    : toBatchMessage(events, attachments, controls);
}

/** Usually all of them fit, so that is tried first. */
function fitAlerts(events: readonly PerlyEvent[], controls: ControlsByEvent): AlertBatch {
  const attachments = events
    .slice(0, limits.attachments)
    .map((event) => toCompactAlert(event, controls.get(event.id)));
  for (let included = attachments.length; included > 0; included--) {
    const message = toBatchMessage(events.slice(0, included), attachments.slice(0, included), controls);
    if (limitViolations(message).length === 0) return { message, included };
  }
  return { message: toMessage([]), included: 0 };
}

function toBatchMessage(
  events: readonly PerlyEvent[],
  attachments: AlertAttachment[],
  controls: ControlsByEvent,
): WebhookMessage {
  // A notification shows one line: for several alerts, how many there are and how bad.
  return { text: countLine(events), ...mentioningText(events, controls), ...toMessage(attachments) };
}

/**
 * A mention in an attachment alone notifies nobody
 * (https://github.com/fingerprintjs/fingerprintjs-pro-use-cases/pull/242). Mentions need mrkdwn, so a name that it
 * would change is left out.
 */
function mentioningText(
  events: readonly PerlyEvent[],
  controls: ControlsByEvent,
): Pick<WebhookMessage, 'text'> {
  const owners = events.flatMap(({ id }) => controls.get(id)?.owner ?? []).filter(isUserId);
  const [first] = events;
  if (owners.length === 0 || first === undefined) return {};
  const mentions = [...new Set(owners)].map(mention).join(', ');
  return {
    text: `${mentions}: ${events.length === 1 ? `${reminding(controls.get(first.id))}${describe(first)}` : countLine(events)}`,
  };
}

function reminding({ openMs, acknowledged }: Partial<AlertControls> = {}): string {
  return openMs === undefined || acknowledged ? '' : `${toReminderLine(openMs)}: `;
}

/** Slack would link some names, such as `Booking.com`, to a website: they link to the customer instead. */
function describe(event: PerlyEvent): string {
  const name = customerName(event, maxNameLength);
  if (!isLiteralInMrkdwn(name)) return headline(event);
  const label = escapeMrkdwn(name);
  const isLink = preventAutolink(name) !== name;
  const shown = isLink ? mrkdwnLink(encodeLinkUrl(event.customer.url), label) : label;
  return shown.length > maxLinkLength ? headline(event) : `${isolate(shown)} — ${headline(event)}`;
}

function toMessage(attachments: AlertAttachment[]): WebhookMessage {
  return { attachments, unfurl_links: false, unfurl_media: false };
}

function countLine(events: readonly PerlyEvent[]): string {
  const critical = events.filter((event) => event.risk_level === 'critical').length;
  return `${countOf(events.length, 'alert')}${critical > 0 ? `, ${critical} critical` : ''}`;
}
