export const eventTypes = [
  'customer_at_risk',
  'expansion_signal',
  'health_score_drop',
  'upsell_opportunity',
  'billing_retry_failed',
] as const;
export type EventType = (typeof eventTypes)[number];

export const eventTypeNames: Readonly<Record<EventType, string>> = {
  customer_at_risk: 'Customer at risk',
  expansion_signal: 'Expansion signal',
  health_score_drop: 'Health score drop',
  upsell_opportunity: 'Upsell opportunity',
  billing_retry_failed: 'Billing retry failed',
};

/** Lowest first: the index is the rank. */
export const riskLevels = ['low', 'medium', 'high', 'critical'] as const;
export type RiskLevel = (typeof riskLevels)[number];

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

export const weekdayNames: Readonly<Record<Weekday, string>> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};
