import type { Transition } from '../store/delivery-states.ts';

/** Why deliveries go without having been sent, as the store notes it. */
const ownReasons = ['too_old', 'disconnected', 'moved', 'event_expired'] as const;

/** What an error is for whoever counts: one of a few, whatever Slack or the system says. */
export type ErrorClass =
  | 'none'
  | 'network'
  | 'http_4xx'
  | 'http_5xx'
  | 'slack'
  | 'rules'
  | (typeof ownReasons)[number];

/**
 * The class of a delivery's `lastError`. A system's code is in capitals, an answer without a word is `http_500`, say;
 * and what is dropped for no reason of ours is dropped by a channel's rules.
 */
export function toErrorClass(error: string | null, transition: Transition): ErrorClass {
  if (error === null) return 'none';
  const own = ownReasons.find((reason) => reason === error);
  if (own !== undefined) return own;
  if (transition === 'drop') return 'rules';
  if (error.startsWith('http_')) return error.startsWith('http_5') ? 'http_5xx' : 'http_4xx';
  return error === error.toUpperCase() ? 'network' : 'slack';
}
