import { describeHours } from '../../domain/describe-rules.ts';
import type { Rules } from '../../domain/rules.ts';
import { eventTypeNames, eventTypes } from '../../domain/vocabulary.ts';
import { copy } from './copy.ts';

const text = copy.rules;
const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** Rules said back in a sentence or two, in plain text, to whoever sets them. */
export function summarizeRules({
  eventTypes: types,
  riskThreshold,
  scoreDeltaMinimum,
  quietHours,
}: Rules): string {
  const events =
    types.length === eventTypes.length
      ? text.allEvents
      : list.format(types.map((type) => eventTypeNames[type].toLowerCase()));
  const points =
    scoreDeltaMinimum > 0 && types.includes('health_score_drop') ? text.fromPoints(scoreDeltaMinimum) : '';
  const said = `${text.gets(events, text.levels[riskThreshold])}${points}`;
  if (quietHours === 'off') return `${said}${text.atAnyTime}`;
  const after = quietHours.after === 'digest' ? text.digestAfter : text.discardAfter;
  return `${said}${text.inHours(describeHours(quietHours))}${after}${text.criticalAlways}`;
}
