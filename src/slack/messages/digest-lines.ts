import type { PerlyEvent } from '../../perly/event.ts';
import { isShown, signalsLine, suggestionLine, summaryLine } from './alert-lines.ts';
import type { CustomerState } from './customer-state.ts';
import { riskName, score, typeName } from './wording.ts';

/** How long the parts of an entry may be, measured as `sentLength`, and how many signals it shows. */
export interface DigestRoom {
  name: number;
  signals: number;
  signalCount: number;
  suggestion: number;
}

/** The alert that heads an entry: the latest, and where that is a drop, with all that the score has lost. */
export function headAlert({ latest, score: whole }: CustomerState): PerlyEvent {
  const isDrop = latest.type === 'health_score_drop';
  return isDrop && whole && whole.change < 0 ? { ...latest, health_score: whole } : latest;
}

/** The facts under an entry's headline, in the order in which they are read; cleaned and cut but not escaped. */
export function digestLines(state: CustomerState, room: DigestRoom): string[] {
  const signals = firstShown(state.alerts, (alert) => signalsLine(alert, room.signals, room.signalCount));
  return [
    riskLine(state),
    scoreLine(state),
    firedLine(state),
    signals || firstShown(state.alerts, (alert) => summaryLine(alert, room.signals)),
    firstShown(state.alerts, (alert) => suggestionLine(alert, room.suggestion)),
  ].filter(isShown);
}

function riskLine({ riskLevel, worseLevel }: CustomerState): string {
  if (riskLevel === undefined) return '';
  const was = worseLevel === undefined ? '' : ` (was ${worseLevel})`;
  return `Risk level: ${riskName({ risk_level: riskLevel })}${was}`;
}

function scoreLine(state: CustomerState): string {
  if (state.score === undefined) return '';
  const whole = score(state.score);
  const head = headAlert(state);
  if (head.type !== 'health_score_drop' || head.health_score === undefined) return `Health score: ${whole}`;
  // The last step was a drop, but over all of them the score has not fallen: two figures, each with its span.
  return score(head.health_score) === whole ? '' : `Health score: ${whole} in all`;
}

/** `Alerts: Health score drop ×3, Billing retry failed`; a single one stands in the headline. */
function firedLine({ alerts, fired }: CustomerState): string {
  if (alerts.length === 1) return '';
  const types = fired.map(({ type, times }) => `${typeName({ type })}${times > 1 ? ` ×${times}` : ''}`);
  return `Alerts: ${types.join(', ')}`;
}

function firstShown(alerts: readonly PerlyEvent[], toLine: (alert: PerlyEvent) => string): string {
  for (const alert of alerts) {
    const line = toLine(alert);
    if (line !== '') return line;
  }
  return '';
}
