import type { App } from '@slack/bolt';
import { onTestFinished } from 'vitest';
import type { Snapshot } from '../../../sandbox/face/snapshot.ts';
import { startFace } from '../../../sandbox/face/start-face.ts';
import { createShiftedClock, type ShiftedClock } from '../../../sandbox/shifted-clock.ts';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { startBolt } from '../slack/bolt.ts';
import { connect, start } from '../slack/slack.ts';

/** What a test of the face works with. */
export type FaceSetting = {
  url: string;
  slack: LocalSlack;
  app: App;
  clock: ShiftedClock;
  /** The webhook of `#customer-health`. */
  webhookUrl: string;
  snapshot(user?: string): Promise<Snapshot>;
  /** Does something by the page's way. */
  post(deed: string, body?: object): Promise<{ status: number; answer: Record<string, unknown> }>;
};

/** A local Slack with its face, connected to `#customer-health`, and Bolt as its app. */
export async function startFaceSetting(): Promise<FaceSetting> {
  const clock = createShiftedClock();
  const slack = await start({ clock: () => clock.now().getTime(), enforceRate: false });
  const app = await startBolt(slack);
  const { incoming_webhook: webhook } = await connect(slack, 'customer-health');
  const face = await startFace({ slack, clock });
  onTestFinished(() => face.close());

  return {
    url: face.url,
    slack,
    app,
    clock,
    webhookUrl: webhook.url,
    async snapshot(user = 'dana') {
      const response = await fetch(`${face.url}/api/snapshot?user=${user}`);
      return (await response.json()) as Snapshot;
    },
    async post(deed, body = {}) {
      const response = await fetch(`${face.url}/api/${deed}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'dana', ...body }),
      });
      return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
    },
  };
}
