import { defaultRules, type Rules } from './rules.ts';

export type Preset = { id: string; name: string; rules: Rules };

export const presets = [
  { id: 'everything', name: 'Everything', rules: defaultRules },
  {
    id: 'escalations',
    name: 'Escalations',
    rules: { ...defaultRules, eventTypes: ['customer_at_risk'], riskThreshold: 'high' },
  },
  {
    id: 'revenue_signals',
    name: 'Revenue signals',
    rules: { ...defaultRules, eventTypes: ['expansion_signal', 'upsell_opportunity'] },
  },
  {
    id: 'billing_alerts',
    name: 'Billing alerts',
    rules: { ...defaultRules, eventTypes: ['billing_retry_failed'] },
  },
] as const satisfies readonly Preset[];
