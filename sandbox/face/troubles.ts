import { z } from 'zod';
import type { LocalSlack } from '../slack/local-slack.ts';
import { type Deed, deed } from './deeds.ts';

/** How many messages an outage lasts. */
const outage = 3;

/** What may happen to a workspace and its webhooks, at the press of a button; each answers with what was done. */
export function createTroubles(slack: LocalSlack): Record<string, Deed> {
  const ofChannel = z.object({ channel: z.string() });
  const done = (words: string) => ({ done: words });
  return {
    'lose-webhook': deed(ofChannel, ({ channel }) => {
      slack.revokeWebhooks(channel);
      return done('The webhook is gone: Slack answers no_service until the channel is connected again.');
    }),
    'begin-outage': deed(z.object({}), () => {
      slack.failWebhook('*', { status: 503 }, outage);
      return done(`Slack answers the next ${outage} messages with 503.`);
    }),
    'lose-answer': deed(z.object({}), () => {
      slack.failWebhook('*', { reset: 'after' }, 1);
      return done('Slack takes the next message, and its answer gets lost.');
    }),
    'remove-app': deed(z.object({ user: z.string() }), async ({ user }) => {
      const answers = await slack.uninstall(slack.model.user(user).teamId);
      return done(
        `The app is removed. It was told so, and answered ${answers.map(({ status }) => status).join(' and ')}.`,
      );
    }),
  };
}
