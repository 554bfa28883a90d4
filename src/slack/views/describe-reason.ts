import { escapeMrkdwn } from '../../messages/block-kit/mrkdwn.ts';
import { copy } from './copy.ts';

const text = copy.activity;
const { reasons } = text;

/** Why an alert was kept back or dropped, or did not get through: the reason as it is stored, in mrkdwn for people. */
export function describeReason(reason: string): string {
  if (isOwn(reason)) return reasons[reason];
  const status = Number(/^http_(\d{3})$/.exec(reason)?.[1]);
  if (status >= 500) return text.slackFault(status);
  if (status > 0) return text.otherAnswer(status);
  return reason === '' ? text.noReason : text.slackWord(escapeMrkdwn(reason));
}

function isOwn(reason: string): reason is keyof typeof reasons {
  return Object.hasOwn(reasons, reason);
}
