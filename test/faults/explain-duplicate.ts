import type { ArrivedMessage, Trouble } from './run-record.ts';

/**
 * Why an alert may have come once more: the two cases of docs/operations.md, "Delivery". The first is an answer that got lost,
 * the rest come down to a process that died or stood still before its note.
 */
export type DuplicateReason =
  | 'answer lost'
  | 'sender killed'
  | 'sender stopped'
  | 'database cut'
  | 'stopped sender woke';

/** How long after Slack's `ok` its note may still be under way on a busy machine. Milliseconds. */
const noteMs = 2000;

/** How long the app waits for Slack's answer, less what clocks and timers may be off. Milliseconds. */
const answerTimeoutMs = 9500;

/**
 * Explains why a message's alert came again with a later one, or finds that nothing explains it.
 *
 * - `answer lost`: nobody got Slack's `ok`, since a fault was armed for that or the app's own time ran out;
 * - `sender killed`, `sender stopped`: its process was, before it could have noted the `ok`;
 * - `database cut`: there was nowhere to note it;
 * - `stopped sender woke`: the later message was under way in a process that stood still meanwhile.
 */
export function explainDuplicate(
  earlier: ArrivedMessage,
  later: ArrivedMessage,
  troubles: readonly Trouble[],
): DuplicateReason | undefined {
  const { end } = earlier;
  if (end === undefined) return 'answer lost';
  if (!end.isAnswered && (end.isFaulty || end.at - earlier.at >= answerTimeoutMs)) return 'answer lost';

  const met = troubles.filter(({ from, to }) => from <= earlier.at + noteMs && to >= earlier.at);
  const hit = (kind: Trouble['kind']) =>
    met.some((trouble) => trouble.kind === kind && (trouble.kind === 'cut' || trouble.slot === earlier.slot));
  if (hit('kill')) return 'sender killed';
  if (hit('stop')) return 'sender stopped';
  if (hit('cut')) return 'database cut';

  const hasWoken = troubles.some(
    (trouble) =>
      trouble.kind === 'stop' &&
      trouble.slot === later.slot &&
      trouble.to <= later.at &&
      later.at <= trouble.to + noteMs,
  );
  return hasWoken ? 'stopped sender woke' : undefined;
}
