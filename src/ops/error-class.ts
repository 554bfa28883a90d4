import type { ConnectionError } from '../delivery/webhook/error-words.ts';
import type { EndReason, Transition } from '../store/deliveries/states.ts';

const classes: Readonly<Record<EndReason | ConnectionError, EndReason | 'network'>> = {
  disconnected: 'disconnected',
  moved: 'moved',
  event_expired: 'event_expired',
  event_missing: 'event_missing',
  acknowledged: 'acknowledged',
  timeout: 'network',
  connection_lost: 'network',
  unreachable: 'network',
};

/** A page with status 200 is no answer of Slack's webhooks either, and redirects are not followed. */
type StatusClass = 'http_2xx' | 'http_3xx' | 'http_4xx' | 'http_5xx';

export type ErrorClass = 'none' | 'network' | StatusClass | 'slack' | 'rules' | EndReason;

/** Returns `http_500`, say, for an answer without an error word; other reasons for dropping are rules. */
export function toErrorClass(error: string | null, transition: Transition): ErrorClass {
  if (error === null) return 'none';
  if (isClassified(error)) return classes[error];
  if (transition === 'drop' || transition === 'abandon') return 'rules';
  const digit = /^http_(\d)/.exec(error)?.[1];
  return digit === undefined ? 'slack' : toStatusClass(digit);
}

function toStatusClass(digit: string): StatusClass {
  switch (digit) {
    case '2':
      return 'http_2xx';
    case '3':
      return 'http_3xx';
    case '5':
      return 'http_5xx';
    default:
      return 'http_4xx';
  }
}

function isClassified(error: string): error is keyof typeof classes {
  return Object.hasOwn(classes, error);
}
