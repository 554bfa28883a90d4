import type { App } from '@slack/bolt';
import { onTestFinished } from 'vitest';
import { type AdjustableClock, createAdjustableClock } from '../../../sandbox/adjustable-clock.ts';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import type { Snapshot } from '../../../sandbox/ui/snapshot.ts';
import { startUi } from '../../../sandbox/ui/start-ui.ts';
import { startBolt } from '../slack/bolt.ts';
import { connect, start } from '../slack/slack.ts';

export type UiFixture = {
  url: string;
  slack: LocalSlack;
  app: App;
  clock: AdjustableClock;
  /** The webhook of `#customer-health`. */
  webhookUrl: string;
  snapshot(user?: string): Promise<Snapshot>;
  /** Requests an action as the page does. */
  post(action: string, body?: object): Promise<{ status: number; answer: Record<string, unknown> }>;
};

/** A local Slack with its pages, connected to `#customer-health`, and Bolt as its app. */
export async function setupUi(): Promise<UiFixture> {
  const clock = createAdjustableClock();
  const slack = await start({ clock: () => clock.now().getTime(), enforceRate: false });
  const app = await startBolt(slack);
  const { incoming_webhook: webhook } = await connect(slack, 'customer-health');
  const ui = await startUi({ slack, clock });
  onTestFinished(() => ui.close());

  return {
    url: ui.url,
    slack,
    app,
    clock,
    webhookUrl: webhook.url,
    async snapshot(user = 'dana') {
      const response = await fetch(`${ui.url}/api/snapshot?user=${user}`);
      return (await response.json()) as Snapshot;
    },
    async post(action, body = {}) {
      const response = await fetch(`${ui.url}/api/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'dana', ...body }),
      });
      return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
    },
  };
}
