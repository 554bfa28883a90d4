import type { MrkdwnElement } from '@slack/types';
import type { AlertControls } from './alert-controls.ts';
import { mention } from './mention.ts';
import { mrkdwn } from './text-objects.ts';
import { readersTime } from './time.ts';

/** What people did with an alert, who and when, each as a line; none if nobody did anything. */
export function toMarks(controls: AlertControls | undefined): MrkdwnElement[] {
  const { acknowledged, muted } = controls ?? {};
  return [
    ...(acknowledged
      ? [`✓ Acknowledged by ${mention(acknowledged.by)} · ${readersTime(acknowledged.at.toISOString())}`]
      : []),
    ...(muted ? [`Muted until ${readersTime(muted.until.toISOString())} by ${muter(muted.by)}`] : []),
  ].map(mrkdwn);
}

/** Perly's own people mute by the settings API, without a name that Slack knows. */
function muter(by: string): string {
  return by === 'Perly' ? 'Perly' : mention(by);
}
