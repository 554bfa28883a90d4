import type { MrkdwnElement } from '@slack/types';
import type { AlertControls } from './alert-controls.ts';
import { mention } from './block-kit/mrkdwn.ts';
import { mrkdwn } from './block-kit/objects.ts';
import { readersTime } from './block-kit/time.ts';

/** What people did with an alert, who and when, each as a line; none if nobody did anything. */
export function toStatusLines(controls: AlertControls | undefined): MrkdwnElement[] {
  const { acknowledged, muted } = controls ?? {};
  return [
    ...(acknowledged
      ? [`✓ Acknowledged by ${mention(acknowledged.by)} · ${readersTime(acknowledged.at.toISOString())}`]
      : []),
    ...(muted ? [`Muted until ${readersTime(muted.until.toISOString())} by ${muterName(muted.by)}`] : []),
  ].map(mrkdwn);
}

/** Perly's own people mute by the settings API, without a name that Slack knows. */
function muterName(by: string): string {
  return by === 'Perly' ? 'Perly' : mention(by);
}
