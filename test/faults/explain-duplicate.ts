import type { ArrivedMessage, Outage } from './run-record.ts';

/**
 * The two cases of docs/operations.md, "Delivery": a lost answer, or a process that died or stopped before it
 * recorded the `ok`.
 */
export type DuplicateReason =
  | 'answer lost'
  | 'sender killed'
  | 'sender stopped'
  | 'database cut'
  | 'stopped sender woke';

/** Recording Slack's `ok` may take this long on a busy machine. */
const recordMs = 2000;

/** Time that the app waits for Slack's answer, less the inaccuracy of clocks and timers. */
const answerTimeoutMs = 9500;

/**
 * - `answer lost`: nobody received Slack's `ok`, because of a fault or the app's timeout;
 * - `sender killed`, `sender stopped`: before it could record the `ok`;
 * - `database cut`: the `ok` could not be recorded;
 * - `stopped sender woke`: the later message was in flight in a process that was stopped.
 */
export function explainDuplicate(
  earlier: ArrivedMessage,
  later: ArrivedMessage,
  outages: readonly Outage[],
): DuplicateReason | undefined {
  const { end } = earlier;
  if (end === undefined) return 'answer lost';
  if (!end.isAnswered && (end.isFaulty || end.at - earlier.at >= answerTimeoutMs)) return 'answer lost';

  const overlapping = outages.filter(({ from, to }) => from <= earlier.at + recordMs && to >= earlier.at);
  const hit = (kind: Outage['kind']) =>
    overlapping.some(
      (outage) => outage.kind === kind && (outage.kind === 'cut' || outage.slot === earlier.slot),
    );
  if (hit('kill')) return 'sender killed';
  if (hit('stop')) return 'sender stopped';
  if (hit('cut')) return 'database cut';

  const hasWoken = outages.some(
    (outage) =>
      outage.kind === 'stop' &&
      outage.slot === later.slot &&
      outage.to <= later.at &&
      later.at <= outage.to + recordMs,
  );
  return hasWoken ? 'stopped sender woke' : undefined;
}
