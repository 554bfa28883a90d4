import type { MrkdwnElement } from '@slack/types';
import type { PerlyEvent } from '../domain/event.ts';
import { type AlertControls, toBlockId, toStatusLines } from './alert-controls.ts';
import { customerName, title, titleText } from './alert-lines.ts';
import { escapeMrkdwn, mrkdwn, plainText } from './block-kit/mrkdwn.ts';
import { readersTime } from './block-kit/time.ts';
import { assertValidMessage, limitViolations } from './block-kit/validate-message.ts';
import { toAccessory } from './buttons.ts';
import type { AlertAttachment, WebhookMessage } from './webhook-message.ts';

/** Builds as much detail as Slack accepts. @throws AppError `message_over_limits` if even the least is too much */
export function withMostDetail(build: (detail: Detail) => WebhookMessage): WebhookMessage {
  for (const detail of ['whole', 'short'] as const) {
    const message = build(detail);
    if (limitViolations(message).length === 0) return message;
  }
  return assertValidMessage(build('bare'));
}

/**
 * Without room for the status lines, facts are dropped, and finally the menu. `bare` is never longer than an alert
 * without status.
 */
export type Detail = 'whole' | 'short' | 'bare';

/** @param lines the facts, cleaned and cut but not escaped @param mentions shown after them */
export function buildCompactAttachment({
  event,
  controls,
  detail,
  colour,
  maxNameLength,
  lines,
  mentions = [],
}: {
  event: PerlyEvent;
  controls: AlertControls | undefined;
  detail: Detail;
  colour: string;
  maxNameLength: number;
  lines: readonly string[];
  mentions?: readonly MrkdwnElement[];
}): AlertAttachment {
  const marks = toStatusLines(controls, detail !== 'whole');
  const shown = marks.length > 0 ? detail : 'whole';
  const { text, isLinked } = titleText(event, maxNameLength);
  const canOpen = shown === 'whole' || !isLinked;
  const accessory = shown === 'bare' ? undefined : toAccessory(event, controls, canOpen);
  return {
    color: colour,
    // The message's own text serves the notification, so the fallback only names the alert.
    fallback: escapeMrkdwn(
      shown === 'bare' ? customerName(event, maxNameLength) : title(event, maxNameLength),
    ),
    blocks: [
      {
        type: 'section',
        ...(controls && { block_id: toBlockId(controls) }),
        text,
        ...(accessory && { accessory }),
      },
      {
        type: 'context',
        elements: [
          ...marks,
          ...(shown === 'whole' ? [...lines.map(plainText), ...mentions] : []),
          ...(shown === 'bare' ? [] : [mrkdwn(readersTime(event.occurred_at))]),
        ],
      },
    ],
  };
}
