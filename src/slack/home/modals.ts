import type { ModalView } from '@slack/types';
import type { Logger } from 'pino';
import { copy } from '../views/copy.ts';
import { buildLoading, buildNotice } from '../views/modal.ts';
import type { ViewsClient } from './services.ts';
import { harmlessRefusal } from './slack-refusals.ts';

export type UpdatesViews = { views: Pick<ViewsClient['views'], 'update'> };

/** With its `hash`, an update is refused if the modal changed meanwhile. */
export type ShownModal = { id: string; hash?: string };

/** Opens at once, since a click expires after three seconds. Errors of `load` are logged and shown. */
export async function openModal(
  {
    client,
    triggerId,
    title,
    logger,
  }: { client: ViewsClient; triggerId: string; title: string; logger: Logger },
  load: () => Promise<ModalView>,
): Promise<void> {
  const shown = await ignoreHarmlessRefusal(logger, async () => {
    const { view } = await client.views.open({ trigger_id: triggerId, view: buildLoading(title) });
    return view;
  });
  if (shown?.id === undefined) return;
  const { id } = shown;
  const view = await load().catch((error: unknown) => {
    logger.error({ err: error }, 'a modal could not be loaded');
    return buildNotice(title, copy.modal.trouble);
  });
  await updateModal(client, logger, { id }, view);
}

/** Opens a modal about work that is done even if Slack refuses it, since the click is too old, say. */
export async function openModalFor(
  parts: Parameters<typeof openModal>[0],
  work: Promise<ModalView>,
): Promise<void> {
  const ended = await Promise.allSettled([openModal(parts, () => work), work]);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

/** @returns the modal as it is now; `undefined` if it was closed or changed */
export async function updateModal(
  client: UpdatesViews,
  logger: Logger,
  { id, hash }: ShownModal,
  view: ModalView,
): Promise<ShownModal | undefined> {
  const answer = await ignoreHarmlessRefusal(logger, () =>
    client.views.update({ view_id: id, view, ...(hash !== undefined && { hash }) }),
  );
  if (answer === undefined) return undefined;
  const fresh = answer.view?.hash;
  return { id, ...(fresh !== undefined && { hash: fresh }) };
}

/** @returns `undefined` if Slack's refusal is harmless */
async function ignoreHarmlessRefusal<T>(logger: Logger, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const refusal = harmlessRefusal(error);
    if (refusal === undefined) throw error;
    logger.info({ refusal }, 'a modal was not shown');
    return undefined;
  }
}
