import type { ModalView } from '@slack/types';
import { type NamedAccount, toAccountLabel } from '../../messages/account-name.ts';
import { limits } from '../../messages/block-kit/limits.ts';
import { truncate } from '../../messages/block-kit/truncate.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { button, namedSection } from './elements.ts';
import { buildNotice } from './modal.ts';

const text = copy.addChannel;

/** For further accounts, "Connect Slack" in Perly works. */
const maxAccounts = 40;

/** @param accounts each with the `url` of the page where the channel for it is chosen */
export function buildAddChannelModal(accounts: readonly (NamedAccount & { url: string })[]): ModalView {
  return buildNotice(
    text.title,
    text.about,
    accounts.slice(0, maxAccounts).map((account) => {
      const name = toAccountLabel(account);
      return namedSection(
        { name, rest: '' },
        button({
          id: actionIds.linkAddChannel,
          text: text.pick,
          label: truncate(text.pickLabel(name), limits.accessibilityLabel),
          url: account.url,
        }),
      );
    }),
  );
}
