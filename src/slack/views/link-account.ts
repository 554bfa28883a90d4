import type { KnownBlock, ModalView } from '@slack/types';
import type { LinkedGroups } from '../../channels/link.ts';
import { type NamedAccount, toIsolatedLabel } from '../../messages/account-name.ts';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { boldLine, button, section } from './elements.ts';
import { buildNotice } from './modal.ts';

const text = copy.linkAccount;

export type LinkQuestion = NamedAccount & { requestId: string };

/** @param url made for this click @param sentUrl for whoever may agree in Perly */
export function buildLinkAccountModal(url: string, sentUrl: string): ModalView {
  return buildNotice(text.title, text.about, [
    {
      type: 'actions',
      elements: [button({ id: actionIds.linkToPerly, text: text.go, url, style: 'primary' })],
    },
    section(text.forward),
    { type: 'section', text: plainText(sentUrl) },
  ]);
}

export function buildNothingWaits(): ModalView {
  return buildNotice(text.title, text.nothingWaits);
}

export function buildLinkQuestion({ requestId, ...account }: LinkQuestion): KnownBlock[] {
  return [
    boldLine(text.question(toIsolatedLabel(account))),
    section(text.questionHint),
    {
      type: 'actions',
      elements: [
        button({ id: actionIds.confirmLink, text: text.confirm, value: requestId, style: 'primary' }),
        button({ id: actionIds.cancelLink, text: text.cancel, value: requestId }),
      ],
    },
  ];
}

/** @param channels in mrkdwn */
export function buildLinkedNotice(account: NamedAccount, channels: LinkedGroups<string>): ModalView {
  const listed = new Intl.ListFormat('en', { type: 'conjunction' });
  const line = (group: readonly string[], toText: (channels: string) => string) =>
    group.length === 0 ? [] : [section(toText(listed.format(group)))];
  return buildNotice(text.title, boldLine(text.linked(toIsolatedLabel(account))), [
    ...line(channels.on, text.alertsOn),
    ...line(channels.paused, text.alertsPaused),
    ...line(channels.broken, text.alertsRefused),
  ]);
}

export function buildExpiredQuestion(): ModalView {
  return buildNotice(text.title, text.expired);
}
