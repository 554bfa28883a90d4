import type { ConnectionError } from '../delivery/webhook/client.ts';
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

export type ErrorClass = 'none' | 'network' | 'http_4xx' | 'http_5xx' | 'slack' | 'rules' | EndReason;

/** Returns `http_500`, say, for an answer without an error word; other reasons for dropping are rules. */
export function toErrorClass(error: string | null, transition: Transition): ErrorClass {
  if (error === null) return 'none';
  if (isClassified(error)) return classes[error];
  if (transition === 'drop' || transition === 'abandon') return 'rules';
  if (error.startsWith('http_')) return error.startsWith('http_5') ? 'http_5xx' : 'http_4xx';
  return 'slack';
}

function isClassified(error: string): error is keyof typeof classes {
  return Object.hasOwn(classes, error);
}
