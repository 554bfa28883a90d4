import type { ModalView } from '@slack/types';
import type { Link } from '../../store/links.ts';
import { clean } from '../messages/clean.ts';
import { cut } from '../messages/cut.ts';
import { escapeText, neutralise } from '../messages/escape-text.ts';
import { actionIds } from './action-ids.ts';
import { button, section } from './elements.ts';
import { limits } from './limits.ts';
import { buildNotice } from './modal.ts';
import { words } from './words.ts';

const text = words.addChannel;

export type LinkedAccount = Pick<Link, 'accountId' | 'accountName'>;

/** More accounts than this are not offered: Perly's own "Connect Slack" knows its account. */
const mostAccounts = 40;

/** The longest name of an account that is shown. */
const nameRoom = 80;

/** Which of several accounts a new channel shall serve. @param url where the channel for it is picked */
export function buildAddChannelModal(accounts: readonly (LinkedAccount & { url: string })[]): ModalView {
  return buildNotice(
    text.title,
    text.about,
    accounts.slice(0, mostAccounts).map(({ accountId, accountName, url }) => {
      const name = cut(clean(accountName ?? '') || clean(accountId), nameRoom);
      return section(
        `*${escapeText(neutralise(name))}*`,
        button({
          id: actionIds.linkAddChannel,
          text: text.pick,
          label: cut(text.pickLabel(name), limits.accessibilityLabel),
          url,
        }),
      );
    }),
  );
}
