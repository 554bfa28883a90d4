import type { PerlyEvent } from '../domain/event.ts';
import { shownChange, shownPoints } from '../domain/points.ts';
import { eventTypeNames } from '../domain/vocabulary.ts';

type RiskLevel = NonNullable<PerlyEvent['risk_level']>;

const riskNames: Record<RiskLevel, string> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};

/** Colour of events that are neither a risk nor good news. */
export const neutralColour = '#98A2B3';
const green = '#12B76A';
const riskColours: Record<RiskLevel, string> = {
  low: neutralColour,
  medium: '#FACC15',
  high: '#F97316',
  critical: '#D92D20',
};

export function typeLabel(event: Pick<PerlyEvent, 'type'>): string {
  return eventTypeNames[event.type];
}

export function riskLabel(event: Pick<PerlyEvent, 'risk_level'>): string | undefined {
  return event.risk_level && riskNames[event.risk_level];
}

export function barColour(event: Pick<PerlyEvent, 'type' | 'risk_level'>): string {
  if (event.risk_level) return riskColours[event.risk_level];
  return event.type === 'expansion_signal' || event.type === 'upsell_opportunity' ? green : neutralColour;
}

export function headline(event: PerlyEvent): string {
  switch (event.type) {
    case 'customer_at_risk':
      return 'Customer at risk';
    case 'expansion_signal':
      return 'New expansion signal';
    case 'health_score_drop':
      return event.health_score === undefined
        ? 'Health score dropped'
        : `Health score dropped to ${score(event.health_score)}`;
    case 'upsell_opportunity':
      return 'Upsell opportunity detected';
    case 'billing_retry_failed':
      return 'Billing retry failed';
  }
}

/** `32 (-18)`, `91.5 (+6)`, `40 (0)` */
export function score({ current, change }: NonNullable<PerlyEvent['health_score']>): string {
  const shown = shownChange(change);
  return `${shownPoints(current)} (${shown > 0 ? '+' : ''}${shown})`;
}

/** `1 alert`, `14 alerts` */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
