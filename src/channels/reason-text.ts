import { type ConnectionError, faultWords, refusalWords } from '../delivery/webhook/error-words.ts';
import type { SuppressReason } from '../domain/decide.ts';
import type { EndReason } from '../store/deliveries/states.ts';

type OwnReason = SuppressReason | EndReason | ConnectionError | 'rate_limited';

const texts: Readonly<Record<OwnReason, string>> = {
  paused: 'the channel was paused',
  event_type_off: 'this event type is off in the rules',
  customer_muted: 'the customer is muted in this channel',
  other_owner: 'none of the owners in the rules looks after its customer',
  below_risk_threshold: 'its risk level is below the one in the rules',
  below_score_delta: 'the drop is smaller than the one in the rules',
  repeated: 'a similar alert was sent or held not long before',
  quiet_hours: 'it came outside business hours, when the rules discard alerts',
  disconnected: 'the channel was disconnected',
  moved: 'the alerts moved to another channel',
  event_expired: 'it is older than 30 days',
  event_missing: 'its event is no longer stored',
  acknowledged: 'somebody acknowledged it',
  timeout: 'Slack did not answer in time',
  connection_lost: 'the connection to Slack was lost before its answer came',
  unreachable: 'Slack could not be reached',
  rate_limited: 'Slack asked to wait',
};

const pluralTexts: Readonly<Partial<Record<string, string>>> = {
  event_type_off: 'their type is off in the rules',
  customer_muted: 'their customer is muted in this channel',
  other_owner: 'none of the owners in the rules looks after their customer',
  below_risk_threshold: 'their risk level is below the one in the rules',
  below_score_delta: 'their drop is smaller than the one in the rules',
  repeated: 'similar alerts were sent or held not long before',
  quiet_hours: 'they came outside business hours, when the rules discard alerts',
} satisfies Partial<Record<SuppressReason, string>>;

/** Translates a stored reason or error into plain text for people, to end a sentence with. */
export function toReasonText(reason: string): string {
  if (isOwn(reason)) return texts[reason];
  if (refusalWords.has(reason)) return `Slack did not accept the message (${reason})`;
  if (faultWords.has(reason)) return `Slack had an internal error (${reason})`;
  const status = Number(/^http_(\d{3})$/.exec(reason)?.[1]);
  if (status === 413) return 'the message was too large (HTTP 413)';
  if (status >= 500) return `Slack or a server on the way to it had an error (HTTP ${status})`;
  if (status > 0) return `the answer did not come from Slack (HTTP ${status})`;
  return reason === '' ? 'the reason is unknown' : `the answer was ${reason}`;
}

export function toPluralReasonText(reason: string): string {
  return (Object.hasOwn(pluralTexts, reason) && pluralTexts[reason]) || toReasonText(reason);
}

function isOwn(reason: string): reason is OwnReason {
  return Object.hasOwn(texts, reason);
}
