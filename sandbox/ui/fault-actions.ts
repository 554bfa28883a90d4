import { z } from 'zod';
import type { LocalSlack } from '../slack/local-slack.ts';
import { type Action, action } from './actions.ts';
import { findPerson } from './find-person.ts';

/** Messages that an outage affects. */
const outage = 3;

const proxyPage = '<!DOCTYPE html><title>403 Forbidden</title><h1>403 Forbidden</h1>';
const waitSeconds = 30;

/** Each answers with what it did. */
export function createFaultActions(slack: LocalSlack): Record<string, Action> {
  const ofChannel = z.object({ channel: z.string() });
  const ofWorkspace = z.object({ user: z.string() });
  const teamOf = (user: string) => slack.model.team(findPerson(slack.model, user).teamId);
  const done = (words: string) => ({ done: words });
  return {
    'lose-webhook': action(ofChannel, ({ channel }) => {
      slack.revokeWebhooks(channel);
      return done('The webhook is gone: Slack answers no_service until the channel is connected again.');
    }),
    'begin-outage': action(z.object({}), () => {
      slack.failWebhook('*', { status: 503 }, outage);
      return done(`Slack answers the next ${outage} messages with 503.`);
    }),
    'block-on-the-way': action(z.object({}), () => {
      slack.failWebhook('*', { status: 403, body: proxyPage, type: 'html' }, outage);
      return done(`A proxy answers the next ${outage} messages with a page and 403.`);
    }),
    'ask-to-wait': action(z.object({}), () => {
      slack.failWebhook('*', { status: 429, retryAfter: waitSeconds }, 1);
      return done(`Slack answers the next message with 429, and asks to wait ${waitSeconds} seconds.`);
    }),
    'refuse-customer': action(z.object({ customer: z.string().min(1) }), ({ customer }) => {
      slack.failWebhook('*', { error: 'invalid_blocks_format', onlyWith: customer });
      return done(`Slack refuses every message that contains “${customer}”.`);
    }),
    'archive-channel': action(ofChannel, ({ channel }) => {
      slack.archiveChannel(channel);
      return done('The channel is archived: Slack answers channel_is_archived.');
    }),
    'unarchive-channel': action(ofChannel, ({ channel }) => {
      slack.unarchiveChannel(channel);
      return done('The channel is unarchived: a test alert or the next attempt makes it active again.');
    }),
    'end-faults': action(z.object({}), () => {
      slack.clearFaults();
      return done('Slack answers normally again.');
    }),
    'lose-answer': action(z.object({}), () => {
      slack.failWebhook('*', { reset: 'after' }, 1);
      return done('Slack accepts the next message, but its answer is lost.');
    }),
    'require-approval': action(ofWorkspace, ({ user }) => {
      const team = teamOf(user);
      slack.requireApproval(team.id);
      const isInstalled = slack.model.installations.get(team.id)?.active === true;
      return done(
        isInstalled
          ? `${team.name} allows approved apps only, from the next install on: ${slack.appName} is installed already.`
          : `${team.name} allows approved apps only: people can request ${slack.appName}, and not install it.`,
      );
    }),
    'approve-app': action(ofWorkspace, ({ user }) => {
      const team = teamOf(user);
      slack.approveApp(team.id);
      return done(`${team.name} has approved ${slack.appName}: people can install it.`);
    }),
    'remove-app': action(ofWorkspace, async ({ user }) => {
      const answers = await slack.uninstall(teamOf(user).id);
      return done(
        `The app is removed. It was told so, and answered ${answers.map(({ status }) => status).join(' and ')}.`,
      );
    }),
  };
}
