import type { Preview, PreviewExample } from '../../channels/preview.ts';
import { describeWeek } from '../../domain/describe-week.ts';
import { isReminding, remindNames } from '../../domain/reminder.ts';
import { limitsRepeats, repeatNames } from '../../domain/repeats.ts';
import type { Rules } from '../../domain/rules.ts';
import { eventTypeNames, eventTypes } from '../../domain/vocabulary.ts';
import { customerName } from '../../messages/alert-lines.ts';
import { isolate } from '../../messages/block-kit/clean.ts';
import { copy } from './copy.ts';

const text = copy.rules;
const list = new Intl.ListFormat('en', { type: 'conjunction' });

export function summarizeRules(
  {
    eventTypes: types,
    riskThreshold,
    scoreDeltaMinimum,
    owners,
    mentionOwner,
    repeatAfter,
    timing,
    remindAfter,
  }: Rules,
  now: Date,
): string {
  const events =
    types.length === eventTypes.length
      ? text.allEvents
      : list.format(types.map((type) => eventTypeNames[type].toLowerCase()));
  const points =
    scoreDeltaMinimum > 0 && types.includes('health_score_drop') ? text.fromPoints(scoreDeltaMinimum) : '';
  const whose = owners === 'anyone' ? '' : text.ofOwners(owners.length);
  const sent = `${text.gets(events, text.levels[riskThreshold])}${points}${whose}`;
  const repeat = limitsRepeats(repeatAfter) ? text.repeat(repeatNames[repeatAfter]) : '';
  const remind = isReminding(remindAfter) ? text.remind(remindNames[remindAfter]) : '';
  const rest = `${text.mention[mentionOwner]}${repeat}${remind}`;
  if (timing === 'at_once') return `${sent}${text.atAnyTime}${rest}`;
  if (timing.kind === 'daily_digest')
    return `${sent}${text.daily(describeWeek(timing, 'starts', now))}${text.criticalAlways}${rest}`;
  const outside = timing.outside === 'digest' ? text.digestAfter : text.discardAfter;
  return `${sent}${text.inHours(describeWeek(timing, 'hours', now))}${outside}${text.criticalAlways}${rest}`;
}

const maxNameLength = 40;

export function describePreview(preview: Preview): { preview: string; examples?: readonly string[] } {
  const { sent, held, suppressed, latestSent, latestSuppressed } = preview;
  if (sent + held + suppressed === 0) return { preview: text.previewEmpty };
  const sentLast = latestSent.map((one) => describe(one, one.isHeld ? text.previewHeld : ''));
  const nameSent = latestSent.some(({ isHeld }) => isHeld) ? text.previewSentOrHeld : text.previewSent;
  const lastSuppressed = latestSuppressed.map((one) => describe(one, text.previewReasons[one.reason]));
  return {
    preview: text.preview(sent, held, suppressed),
    examples: [
      ...(sentLast.length === 0 ? [] : [nameSent(sentLast.join(' · '))]),
      ...(lastSuppressed.length === 0 ? [] : [text.previewSuppressed(lastSuppressed.join(' · '))]),
    ],
  };
}

function describe(example: PreviewExample, note: string): string {
  const name = isolate(customerName(example, maxNameLength));
  return `${name} — ${eventTypeNames[example.type]}${note === '' ? '' : ` (${note})`}`;
}
