import type { AckFn, BlockAction, RespondFn, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import type { Logger } from 'pino';
import type { AlertActions } from '../channels/alert-actions.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import { isOnOrigin } from '../lib/is-on-origin.ts';
import { customerName } from '../messages/alert-lines.ts';
import { formatPostedIds, parsePostedIds } from '../messages/parse-posted-message.ts';
import type { Keyring } from '../store/keyring.ts';
import { answerWith, isRefusal, readClick, toRefusalText } from './alert-click.ts';
import { answerSubmission } from './home/answer-submission.ts';
import { openModal, updateModal } from './home/modals.ts';
import type { ClientOf } from './home/services.ts';
import type { SlackTimeouts } from './timeouts.ts';
import { copy } from './views/copy.ts';
import { mentionChannel } from './views/mentions.ts';
import { buildNotice } from './views/modal.ts';
import {
  buildMuteModal,
  maxNameLength,
  readMuteForm,
  readMuteMetadata,
  readMutePeriod,
} from './views/mute-modal.ts';

export type MuteForm = ReturnType<typeof createMuteForm>;

const { title } = copy.mute;

/** This is a modal because a `confirm` object of the menu would ask for its other options too. */
export function createMuteForm(parts: {
  actions: Pick<AlertActions, 'askToMute' | 'mute'>;
  clientOf: ClientOf;
  keyring: Pick<Keyring, 'encrypt' | 'decrypt'>;
  responseOrigins: readonly string[];
  fetch: typeof fetch;
  clock: Pick<Clock, 'now' | 'sleep'>;
  timeouts: Pick<SlackTimeouts, 'submissionMs'>;
  logger: Logger;
}) {
  const { actions, clientOf, keyring, responseOrigins, clock, timeouts, logger } = parts;

  function respondAt(url: string): RespondFn {
    if (!isOnOrigin(url, responseOrigins))
      throw new AppError('response_refused', 'The response_url of a click is not on an origin of Slack.');
    return (message) =>
      parts.fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(typeof message === 'string' ? { text: message } : message),
      });
  }

  return {
    /** Tells anybody but a manager why they may not mute. The alert determines the workspace. */
    async open(body: BlockAction, respond: RespondFn): Promise<void> {
      const click = readClick(body);
      if (click === undefined) return answerWith({ respond, clock }, { kind: 'unknown' });
      const asked = await actions.askToMute(click);
      if (asked.kind !== 'asked') return answerWith({ respond, clock }, asked);
      const { channel } = asked;
      const client = await clientOf(channel.teamId);
      if (client === undefined) return answerWith({ respond, clock }, { kind: 'gone' });
      const { ref, revision, posted } = click;
      const { event, mute } = asked;
      const metadata = {
        teamId: channel.teamId,
        ref,
        revision,
        posted: formatPostedIds(posted),
        responseUrl: keyring.encrypt(body.response_url, ownerOf(ref)),
        customer: customerName(event, maxNameLength),
        channel: mentionChannel(channel),
        ...(mute !== undefined && { mutedUntil: mute.until.toISOString() }),
        ...(mute?.reason !== undefined && { reason: mute.reason }),
      };
      const view = buildMuteModal(metadata, clock.now());
      await openModal({ client, triggerId: body.trigger_id, title, logger }, async () => view);
    },

    async update({ view }: BlockAction): Promise<void> {
      if (view === undefined) return;
      const metadata = readMuteMetadata(view);
      const client = await clientOf(metadata.teamId);
      if (client === undefined) return;
      await updateModal(client, logger, view, buildMuteModal(metadata, clock.now(), readMutePeriod(view)));
    },

    /** Checks the person's permission again. */
    async submit({ ack, body }: { ack: AckFn<ViewResponseAction>; body: ViewSubmitAction }): Promise<void> {
      const { view, user } = body;
      const read = () => readMuteMetadata(view);
      const client = () => clientOf(read().teamId);
      let rerender: (() => Promise<void>) | undefined;
      await answerSubmission({ ack, client, view, clock, timeouts, logger }, async () => {
        const { teamId, ref, revision, posted, responseUrl } = read();
        // The submission may name another workspace of the organisation.
        const enterprise_id = body.team?.enterprise_id ?? body.enterprise?.id;
        const wanted = readMuteForm(view, clock.now());
        if ('errors' in wanted) return wanted;
        const click = {
          person: { team: { id: teamId, enterprise_id }, user },
          ref,
          revision,
          posted: parsePostedIds(posted),
        };
        const result = await actions.mute(click, wanted);
        if (isRefusal(result)) return { view: buildNotice(title, toRefusalText(result)) };
        rerender = () =>
          answerWith({ respond: respondAt(keyring.decrypt(responseUrl, ownerOf(ref))), clock }, result);
        return 'close';
      });
      await rerender?.();
    },
  };
}

function ownerOf(ref: string): string {
  return `response_url ${ref}`;
}
