import type { KnownBlock, ModalView } from '@slack/types';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { copy } from './copy.ts';
import { section } from './elements.ts';

export function buildNotice(
  title: string,
  said: string | KnownBlock,
  more: readonly KnownBlock[] = [],
): ModalView {
  return {
    type: 'modal',
    title: plainText(title),
    close: plainText(copy.modal.close),
    blocks: [typeof said === 'string' ? section(said) : said, ...more],
  };
}

/** Shown until the data is loaded: Slack waits three seconds for a modal, and a database may take longer. */
export function buildLoading(title: string): ModalView {
  return buildNotice(title, copy.modal.loading);
}

/** @param metadata JSON of at most 3,000 characters */
export function buildForm(options: {
  callbackId: string;
  title: string;
  submit: string;
  metadata: unknown;
  blocks: KnownBlock[];
}): ModalView {
  return {
    type: 'modal',
    callback_id: options.callbackId,
    title: plainText(options.title),
    submit: plainText(options.submit),
    close: plainText(copy.modal.cancel),
    private_metadata: JSON.stringify(options.metadata),
    blocks: options.blocks,
  };
}

/** Pages count from 0; beyond the end, returns the last one. `first` is the index of its first item. */
export function pageOf<T>(
  all: readonly T[],
  size: number,
  wanted: number,
): { page: number; lastPage: number; first: number; shown: readonly T[] } {
  const lastPage = Math.max(0, Math.ceil(all.length / size) - 1);
  const page = Math.min(wanted, lastPage);
  const first = page * size;
  return { page, lastPage, first, shown: all.slice(first, first + size) };
}
