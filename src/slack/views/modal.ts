import type { KnownBlock, ModalView } from '@slack/types';
import { plainText } from '../messages/text-objects.ts';
import { section } from './elements.ts';
import { words } from './words.ts';

/** A modal that only says something, in mrkdwn or in a block. */
export function buildNotice(
  title: string,
  said: string | KnownBlock,
  more: readonly KnownBlock[] = [],
): ModalView {
  return {
    type: 'modal',
    title: plainText(title),
    close: plainText(words.modal.close),
    blocks: [typeof said === 'string' ? section(said) : said, ...more],
  };
}

/** What stands until the data is there: Slack waits three seconds for a modal, and a database may take longer. */
export function buildLoading(title: string): ModalView {
  return buildNotice(title, words.modal.loading);
}

/** A modal with something to fill in. @param metadata what its listeners need; JSON of at most 3,000 characters */
export function buildForm(given: {
  callbackId: string;
  title: string;
  submit: string;
  metadata: unknown;
  blocks: KnownBlock[];
}): ModalView {
  return {
    type: 'modal',
    callback_id: given.callbackId,
    title: plainText(given.title),
    submit: plainText(given.submit),
    close: plainText(words.modal.cancel),
    private_metadata: JSON.stringify(given.metadata),
    blocks: given.blocks,
  };
}
