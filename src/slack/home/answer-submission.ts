import type { AckFn, ViewOutput, ViewResponseAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Logger } from 'pino';
import type { Clock } from '../../lib/clock.ts';
import type { SlackTimeouts } from '../timeouts.ts';
import { copy } from '../views/copy.ts';
import { buildNotice } from '../views/modal.ts';
import { type UpdatesViews, updateModal } from './modals.ts';

export type Outcome = 'close' | { errors: Record<string, string> } | { view: ModalView };

/** If the outcome takes longer, the modal says so, and shows it later. Errors are logged and shown. */
export async function answerSubmission(
  parts: {
    ack: AckFn<ViewResponseAction>;
    /** Returns `undefined` if the app was removed meanwhile. */
    client: () => Promise<UpdatesViews | undefined>;
    view: Pick<ViewOutput, 'id' | 'title'>;
    clock: Pick<Clock, 'sleep'>;
    timeouts: Pick<SlackTimeouts, 'submissionMs'>;
    logger: Logger;
  },
  work: () => Promise<Outcome>,
): Promise<void> {
  const { ack, view, clock, logger } = parts;
  const title = view.title.text;
  const outcome = work().catch((error: unknown): Outcome => {
    logger.error({ err: error }, 'a submission failed');
    return { view: buildNotice(title, copy.modal.notSaved) };
  });
  const timeout = new AbortController();
  const inTime = await Promise.race([
    outcome,
    clock.sleep(parts.timeouts.submissionMs, timeout.signal).then(() => undefined),
  ]);
  timeout.abort();
  if (inTime !== undefined) return answer(ack, inTime);
  await ack({ response_action: 'update', view: buildNotice(title, copy.modal.saving) });
  const late = await outcome;
  const shown = typeof late === 'object' && 'view' in late ? late.view : buildNotice(title, copy.modal.saved);
  const client = await parts.client();
  if (client !== undefined) await updateModal(client, logger, { id: view.id }, shown);
}

async function answer(ack: AckFn<ViewResponseAction>, outcome: Outcome): Promise<void> {
  if (outcome === 'close') return ack();
  await ack(
    'errors' in outcome
      ? { response_action: 'errors', errors: outcome.errors }
      : { response_action: 'update', view: outcome.view },
  );
}
