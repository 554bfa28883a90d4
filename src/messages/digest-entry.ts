import type { PerlyEvent } from '../domain/event.ts';
import type { AlertControls, ControlsByEvent } from './alert-controls.ts';
import { isShown, ownerLine, signalsLine, suggestionLine, summaryLine, title } from './alert-lines.ts';
import { buildCompactAttachment, type Detail } from './compact-attachment.ts';
import type { CustomerState } from './customer-state.ts';
import { barColour, riskLabel, score, typeLabel } from './labels.ts';
import type { AlertAttachment } from './webhook-message.ts';

/** Lengths are measured as `sentLength`. */
export interface DigestBudget {
  name: number;
  signals: number;
  signalCount: number;
  suggestion: number;
  owner: number;
}

/** The head is the latest alert; if that is a score drop, it shows the total loss. */
export function headAlert({ latest, score: whole }: CustomerState): PerlyEvent {
  const isDrop = latest.type === 'health_score_drop';
  return isDrop && whole && whole.change < 0 ? { ...latest, health_score: whole } : latest;
}

function digestLines(state: CustomerState, budget: DigestBudget): string[] {
  const signals = firstShown(state.alerts, (alert) => signalsLine(alert, budget.signals, budget.signalCount));
  return [
    riskLine(state),
    scoreLine(state),
    firedLine(state),
    signals || firstShown(state.alerts, (alert) => summaryLine(alert, budget.signals)),
    firstShown(state.alerts, (alert) => suggestionLine(alert, budget.suggestion)),
    ownerLine(state.latest, budget.owner),
  ].filter(isShown);
}

function riskLine({ riskLevel, worseLevel }: CustomerState): string {
  if (riskLevel === undefined) return '';
  const was = worseLevel === undefined ? '' : ` (was ${worseLevel})`;
  return `Risk level: ${riskLabel({ risk_level: riskLevel })}${was}`;
}

function scoreLine(state: CustomerState): string {
  if (state.score === undefined) return '';
  const whole = score(state.score);
  const head = headAlert(state);
  if (head.type !== 'health_score_drop' || head.health_score === undefined) return `Health score: ${whole}`;
  // The last step was a drop, but in total the score has not fallen: both numbers are shown.
  return score(head.health_score) === whole ? '' : `Health score: ${whole} in all`;
}

/** `Alerts: Health score drop ×3, Billing retry failed`; a single alert is in the headline. */
function firedLine({ alerts, fired }: CustomerState): string {
  if (alerts.length === 1) return '';
  const types = fired.map(({ type, times }) => `${typeLabel({ type })}${times > 1 ? ` ×${times}` : ''}`);
  return `Alerts: ${types.join(', ')}`;
}

function firstShown(alerts: readonly PerlyEvent[], toLine: (alert: PerlyEvent) => string): string {
  for (const alert of alerts) {
    const line = toLine(alert);
    if (line !== '') return line;
  }
  return '';
}

/** Takes two blocks: 20 customers stay within Slack's 50. @param detail how much is shown if acknowledged */
export function toEntry(
  state: CustomerState,
  budget: DigestBudget,
  controls?: ControlsByEvent,
  detail: Detail = 'whole',
): AlertAttachment {
  const head = headAlert(state);
  return buildCompactAttachment({
    event: head,
    controls: controls && entryControls(state, controls),
    detail,
    colour: barColour({ type: head.type, risk_level: state.riskLevel }),
    maxNameLength: budget.name,
    lines: digestLines(state, budget),
  });
}

export function toEntrySentences(state: CustomerState, budget: DigestBudget): string {
  return [title(headAlert(state), budget.name), ...digestLines(state, budget)].join('. ');
}

/** Counts an entry as acknowledged once all of its alerts are, by the first person. */
function entryControls(
  { alerts, latest }: CustomerState,
  controls: ControlsByEvent,
): AlertControls | undefined {
  const own = controls.get(latest.id);
  if (own === undefined) return undefined;
  const head = { ...own, notRepeated: sumNotRepeated(alerts, controls) };
  const all = alerts.map(({ id }) => controls.get(id)?.acknowledged);
  const known = all.filter((one) => one !== undefined).sort((a, b) => a.at.getTime() - b.at.getTime());
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || known.length < all.length)
    return { ...head, acknowledged: undefined };
  return { ...head, acknowledged: { ...first, lastAt: last.at } };
}

function sumNotRepeated(
  alerts: readonly PerlyEvent[],
  controls: ControlsByEvent,
): AlertControls['notRepeated'] {
  const all = alerts.flatMap(({ id }) => controls.get(id)?.notRepeated ?? []);
  if (all.length === 0) return undefined;
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    since: new Date(Math.min(...all.map(({ since }) => since.getTime()))),
  };
}
