import type { KnownBlock } from '@slack/types';
import type { PerlyEvent } from '../domain/event.ts';
import { type AlertControls, toOwnerMention, toReminderLine, toStatusLines } from './alert-controls.ts';
import { alertLines, type LengthBudget, title, titleBlock } from './alert-lines.ts';
import { limits } from './block-kit/limits.ts';
import { escapeMrkdwn, mrkdwn, plainText } from './block-kit/mrkdwn.ts';
import { readersTime } from './block-kit/time.ts';
import { truncate } from './block-kit/truncate.ts';
import { toButtons } from './buttons.ts';
import { buildCompactAttachment, type Detail } from './compact-attachment.ts';
import { barColour, typeLabel } from './labels.ts';
import type { AlertAttachment } from './webhook-message.ts';

/** A line on a desktop holds about 100 characters. The usual alert has five lines, which are read in five seconds. */
export const fullBudget: LengthBudget = {
  name: 80,
  summary: 160,
  signals: 240,
  suggestion: 160,
  details: 240,
  owner: 80,
};

/** A compact alert has two lines, for each of up to 20 alerts. */
const compactBudget: LengthBudget = {
  name: 60,
  summary: 0,
  signals: 110,
  suggestion: 80,
  details: 0,
  owner: 40,
};

const fallbackBudget: LengthBudget = {
  name: 80,
  summary: 0,
  signals: 120,
  suggestion: 0,
  details: 0,
  owner: 0,
};

export function toAlert(event: PerlyEvent, controls?: AlertControls): AlertAttachment {
  const owner = toOwnerMention(controls);
  const lines = alertLines(event, fullBudget, owner.length > 0);
  const marks = toStatusLines(controls);
  const blocks: KnownBlock[] = [titleBlock(event, fullBudget.name)];
  // Without `expand`, Slack may fold the end, with the suggestion, under "see more".
  if (lines.length > 0) blocks.push({ type: 'section', text: plainText(lines.join('\n')), expand: true });
  blocks.push(...owner.map((text): KnownBlock => ({ type: 'section', text })));
  if (marks.length > 0) blocks.push({ type: 'context', elements: marks });
  blocks.push(...toButtons(event, controls), {
    type: 'context',
    elements: [mrkdwn(`${typeLabel(event)} · ${readersTime(event.occurred_at)}`)],
  });
  return { color: barColour(event), fallback: fallback(event, controls), blocks };
}

/** @param detail how much of an acknowledged alert is shown */
export function toCompactAlert(
  event: PerlyEvent,
  controls?: AlertControls,
  detail: Detail = 'whole',
): AlertAttachment {
  // A posted message may have no room for an owner whose Slack user became known since.
  const budget = detail === 'whole' ? compactBudget : { ...compactBudget, owner: 0 };
  const mentions = detail === 'whole' ? toOwnerMention(controls) : [];
  return buildCompactAttachment({
    event,
    controls,
    detail,
    colour: barColour(event),
    maxNameLength: compactBudget.name,
    lines: linesOrSummary(event, budget, mentions.length > 0),
    mentions,
  });
}

/** Returns `Acme Corp — Health score dropped to 32 (-18). Risk level: High.`, not escaped. */
export function toSentences(event: PerlyEvent): string {
  return [title(event, fallbackBudget.name), ...linesOrSummary(event, fallbackBudget)].join('. ');
}

function fallback(event: PerlyEvent, controls: AlertControls | undefined): string {
  const openMs = controls?.openMs;
  const before = openMs === undefined ? '' : `${toReminderLine(openMs)}: `;
  return escapeMrkdwn(truncate(`${before}${toSentences(event)}`, limits.fallback));
}

/** The summary replaces missing signals, so that a short form still says why. */
function linesOrSummary(event: PerlyEvent, budget: LengthBudget, isMentioned = false): string[] {
  const lines = alertLines(event, budget, isMentioned);
  const hasSignals = lines.some((line) => line.startsWith('Signals: '));
  return hasSignals ? lines : alertLines(event, { ...budget, summary: budget.signals }, isMentioned);
}
