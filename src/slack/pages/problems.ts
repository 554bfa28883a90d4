import type { Status } from './layout.ts';

export type Next = 'perly' | 'install' | 'home' | 'remove';

/** `next` lists the buttons, primary first. */
type ProblemText = {
  httpStatus: number;
  title: string;
  text: string;
  next: readonly [Next, ...Next[]];
  status?: Status;
  statusLabel?: string;
};

const connectAgain = 'Go back to Perly and press Connect Slack again.';

export const problems = {
  /** Status 200: the person declined, and that worked. It must not look or count like a failure. */
  consent_cancelled: {
    httpStatus: 200,
    status: 'unchanged',
    statusLabel: 'Cancelled',
    title: 'Nothing was connected',
    text: 'You cancelled in Slack, so nothing has changed. You can connect a channel whenever you like.',
    next: ['perly', 'install'],
  },
  /** Status 200: Slack says no more than this, even if the workspace only allows approved apps. */
  consent_not_given: {
    httpStatus: 200,
    status: 'unchanged',
    statusLabel: 'Nothing changed',
    title: 'Slack did not approve it',
    text: 'You cancelled, or your workspace allows approved apps only. In that case, ask an administrator for approval with Request to install in Slack, and connect a channel after that.',
    next: ['install', 'perly'],
  },
  state_expired: {
    httpStatus: 400,
    title: 'This took longer than 10 minutes',
    text: `For safety, connecting has to be finished within 10 minutes. Nothing was connected. ${connectAgain}`,
    next: ['perly', 'install'],
  },
  state_mismatch: {
    httpStatus: 400,
    statusLabel: 'Nothing changed',
    title: 'This page does not match your last attempt',
    text: 'This happens with two tabs, a double click, another browser, or disabled cookies. If the channel already has a first message from Perly, you are done. Otherwise go back to Perly and press Connect Slack again.',
    next: ['perly', 'install'],
  },
  code_missing: {
    httpStatus: 400,
    title: 'Slack sent you back too early',
    text: `Slack’s confirmation is missing, so nothing was connected. ${connectAgain}`,
    next: ['perly', 'install'],
  },
  code_used: {
    httpStatus: 400,
    statusLabel: 'Nothing changed',
    title: 'This confirmation was already used',
    text: 'Slack’s confirmation works once, and this page was probably loaded twice. If the channel already has a first message from Perly, you are done. Otherwise go back to Perly and press Connect Slack again.',
    next: ['perly', 'install'],
  },
  perly_token_invalid: {
    httpStatus: 403,
    title: 'This link from Perly is no longer valid',
    text: `These links work for a few minutes only. Nothing was connected. ${connectAgain}`,
    next: ['perly'],
  },
  link_not_yours: {
    httpStatus: 403,
    title: 'This link was made for someone else',
    text: 'It works only for the person who saw it in Slack, and only in their workspace. Nothing was connected. Open Perly in Slack, and use the link in your own Home.',
    next: ['home', 'perly'],
  },
  other_workspace: {
    httpStatus: 403,
    title: 'You chose another workspace',
    text: 'The link that you followed works only in the workspace where you saw it, so nothing was connected. Try again, and stay in that workspace when Slack asks.',
    next: ['home', 'perly'],
  },
  link_expired: {
    httpStatus: 403,
    title: 'This link from Slack is no longer valid',
    text: 'Links in Slack work for one day, so nothing was connected. Open Perly in Slack, and use the button in Home.',
    next: ['home', 'perly'],
  },
  account_link_expired: {
    httpStatus: 403,
    statusLabel: 'Not linked',
    title: 'This link to Perly is no longer valid',
    text: 'It works once: for ten minutes from Slack, or for a week if somebody sent it to you. Nothing was linked. Open Perly in Slack and press Link Perly account in Home, or ask the sender for a new link.',
    next: ['home', 'perly'],
  },
  person_unknown: {
    httpStatus: 403,
    statusLabel: 'Not linked',
    title: 'Please link your account from Slack',
    text: 'The channel was connected too long ago, or in another browser, so nothing was linked. Open Perly in Slack, and press Link Perly account in Home.',
    next: ['home', 'perly'],
  },
  nothing_waits: {
    httpStatus: 409,
    status: 'unchanged',
    statusLabel: 'Nothing changed',
    title: 'None of your channels is waiting for an account',
    text: 'Linking activates channels that you manage and that have no account yet, and there are none now. To connect another channel, press Connect Slack in Perly.',
    next: ['perly', 'home'],
  },
  link_took_too_long: {
    httpStatus: 403,
    statusLabel: 'Not linked',
    title: 'Linking took longer than 10 minutes',
    text: 'For safety it has to be finished by then, so nothing was linked. If somebody sent you a link, open it again. Otherwise open Perly in Slack, and link your account from Home.',
    next: ['home', 'perly'],
  },
  link_invalid: {
    httpStatus: 403,
    statusLabel: 'Not linked',
    title: 'We could not read what Perly sent',
    text: 'The link that brought you here is incomplete or too old, so nothing was linked. Open Perly in Slack, and link your account from Home.',
    next: ['home', 'perly'],
  },
  link_used: {
    httpStatus: 403,
    statusLabel: 'Not linked',
    title: 'This link was already used',
    text: 'It works once, so nothing was linked this time. Open Perly in Slack and link your account from Home, or ask the person who sent you the link for a new one.',
    next: ['home', 'perly'],
  },
  not_installed: {
    httpStatus: 409,
    title: 'Perly is no longer in this workspace',
    text: 'The app was removed from the Slack workspace, so nothing was connected or linked. Connect a channel to install it again.',
    next: ['install', 'perly'],
  },
  channel_managed: {
    httpStatus: 403,
    status: 'unchanged',
    statusLabel: 'Nothing changed',
    title: 'This channel is managed by others',
    text: 'Only its managers can reconnect or move it, so nothing has changed. Home in Slack lists them: ask one of them to do it, or to make you a manager. Connect Slack in the channel’s Perly account can also reconnect it.',
    next: ['home', 'perly'],
  },
  move_source_gone: {
    httpStatus: 409,
    title: 'There is nothing left to move',
    text: 'The channel that you wanted to move has been disconnected or moved, so nothing has changed. Perly’s Home in Slack shows its present state.',
    next: ['home', 'perly'],
  },
  move_target_connected: {
    httpStatus: 409,
    title: 'That channel is connected already',
    text: 'Alerts can be moved only to a channel that is not connected yet, so nothing has changed. Choose another channel, or disconnect that one first in Perly’s Home in Slack.',
    next: ['home', 'perly'],
  },
  slack_refused: {
    httpStatus: 502,
    title: 'Slack did not accept the connection',
    text: 'Nothing was connected. Try again. If Slack refuses again, contact the people who run Perly for Slack.',
    next: ['install', 'perly'],
  },
  slack_unavailable: {
    httpStatus: 502,
    title: 'Slack is not answering',
    text: 'The connection could not be finished. Wait a minute, then try again.',
    next: ['install', 'perly'],
  },
  channel_missing: {
    httpStatus: 400,
    title: 'No channel was chosen',
    text: 'Perly needs one channel to post alerts to, and Slack did not name one. Try again, and choose a channel before you press Allow.',
    next: ['install', 'perly'],
  },
  direct_message: {
    httpStatus: 400,
    title: 'Please choose a channel',
    text: 'Alerts are for a team, so Perly does not post to direct messages or to Slackbot, and nothing was connected. Connect Slack again, and choose a channel. Slack created a webhook anyway: Perly has not kept it, and you can remove it in Slack.',
    next: ['install', 'perly', 'remove'],
  },
  webhook_not_allowed: {
    httpStatus: 502,
    title: 'Slack sent an address that we do not trust',
    text: 'Alerts are posted only to addresses known to be Slack’s, so the channel was not connected. Contact the people who run Perly for Slack.',
    next: ['perly'],
  },
  channel_taken: {
    httpStatus: 409,
    title: 'This channel serves another Perly account',
    text: 'A channel gets the alerts of one account only, so nothing has changed. Choose another channel, or disconnect this one first in Perly’s Home in Slack.',
    next: ['install', 'home', 'perly'],
  },
  org_install_unsupported: {
    httpStatus: 400,
    title: 'Perly is installed in one workspace at a time',
    text: 'Installing for a whole organisation is not supported yet. Try again, and choose a single workspace in Slack.',
    next: ['install', 'perly'],
  },
  wrong_method: {
    httpStatus: 405,
    title: 'This page can only be viewed',
    text: 'The request did something other than open this page, so nothing was done. Start from Perly, and open the page in a browser.',
    next: ['perly', 'install'],
  },
  not_opened: {
    httpStatus: 403,
    title: 'This page was loaded ahead of time',
    text: 'Your browser loaded this page before you opened it, so nothing was done. Reload it to continue.',
    next: ['perly', 'install'],
  },
  too_many_requests: {
    httpStatus: 429,
    title: 'Too many pages at once',
    text: 'Too many pages were opened from your network within a minute. Wait a minute, then try again.',
    next: ['perly', 'install'],
  },
  database_unavailable: {
    httpStatus: 503,
    title: 'We could not save the connection',
    text: 'Our database is not answering, so the channel is not connected yet. Wait a minute, then try again. There is nothing to undo in Slack.',
    next: ['install', 'perly'],
  },
  unknown: {
    httpStatus: 500,
    statusLabel: 'Not finished',
    title: 'Something went wrong on our side',
    text: 'The channel may not be connected. Wait a minute, then try again; connecting the same channel twice is harmless.',
    next: ['install', 'perly'],
  },
} as const satisfies Record<string, ProblemText>;

export type ProblemKind = keyof typeof problems;

export function toProblemText(kind: ProblemKind): ProblemText {
  return problems[kind];
}
