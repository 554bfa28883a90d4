import type { KnownBlock, SectionBlock } from '@slack/types';
import type { PerlyEvent } from '../domain/event.ts';
import { type AlertControls, toOwnerMention, toReminderLine, toStatusLines } from './alert-controls.ts';
import { alertLines, type LengthBudget, title, titleBlock } from './alert-lines.ts';
import { limits } from './block-kit/limits.ts';
import { escapeMrkdwn, mrkdwn, plainText } from './block-kit/mrkdwn.ts';
import { readersTime } from './block-kit/time.ts';
import { sentLength, truncate } from './block-kit/truncate.ts';
import { toButtons } from './buttons.ts';
import { buildCompactAttachment, type Detail } from './compact-attachment.ts';
import { barColour, typeLabel } from './labels.ts';
import type { AlertAttachment } from './webhook-message.ts';

/** Events come with texts of their display lengths at most. The usual alert has five lines, read in five seconds. */
export const uncutBudget: LengthBudget = {
  name: Number.POSITIVE_INFINITY,
  summary: Number.POSITIVE_INFINITY,
  signals: Number.POSITIVE_INFINITY,
  suggestion: Number.POSITIVE_INFINITY,
  details: Number.POSITIVE_INFINITY,
  owner: Number.POSITIVE_INFINITY,
};

/** For messages that would be too long for Slack. A line on a desktop holds about 100 characters. */
export const cutBudget: LengthBudget = {
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

export function toAlert(
  event: PerlyEvent,
  controls?: AlertControls,
  budget: LengthBudget = uncutBudget,
): AlertAttachment {
  const owner = toOwnerMention(controls);
  const blocks: KnownBlock[] = [
    titleBlock(event, budget.name),
    ...toSections(alertLines(event, budget, owner.length > 0)),
    ...owner.map((text): KnownBlock => ({ type: 'section', text })),
  ];
  const marks = toStatusLines(controls);
  if (marks.length > 0) blocks.push({ type: 'context', elements: marks });
  blocks.push(...toButtons(event, controls), {
    type: 'context',
    elements: [mrkdwn(`${typeLabel(event)} · ${readersTime(event.occurred_at)}`)],
  });
  return { color: barColour(event), fallback: fallback(event, controls), blocks };
}

/** Builds one section, or several if the lines are too long for one. */
function toSections(lines: readonly string[]): SectionBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const joined = [...texts.slice(-1), line].join('\n');
    if (texts.length > 0 && sentLength(joined) <= limits.sectionText) texts[texts.length - 1] = joined;
    else texts.push(line);
  }
  // Without `expand`, Slack may fold the end, with the suggestion, under "see more".
  return texts.map((text) => ({ type: 'section', text: plainText(text), expand: true }));
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
