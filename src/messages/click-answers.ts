import type { KnownBlock } from '@slack/types';
import type { PerlyEvent } from '../domain/event.ts';
import { customerName } from './alert-lines.ts';
import { isolate } from './block-kit/clean.ts';
import { escapeMrkdwn, mention, preventAutolink } from './block-kit/mrkdwn.ts';
import { readersDate, readersTime } from './block-kit/time.ts';

const maxNamedPeople = 5;
const maxNameLength = 60;

export type ClickAnswer = { text: string; blocks?: KnownBlock[] };

export const clickAnswers = {
  unknown: {
    text:
      'This alert is no longer stored, so nothing was changed. Alerts are kept for 30 days, or until the app is ' +
      'removed. The customer’s name in the alert still links to Perly.',
  },

  gone: {
    text: 'This channel is no longer connected to the customer’s Perly account, so there is nothing to mute here.',
  },

  muted: (event: PerlyEvent, until: Date) =>
    aboutCustomer(
      event,
      ' is muted in this channel until ',
      until,
      ': no alerts are sent, not even critical ones. To undo this, choose Unmute in the alert.',
    ),

  mutedLonger: (event: PerlyEvent, until: Date) =>
    aboutCustomer(
      event,
      ' was already muted for longer, until ',
      until,
      ', and stays so. For a shorter time, choose Unmute in the alert, then mute again.',
    ),

  unmuted: (event: PerlyEvent) =>
    aboutCustomer(event, ' is no longer muted in this channel: alerts are sent again.'),

  notManager: ({
    managers,
    isInsider,
  }: {
    managers: readonly string[] | 'everyone';
    isInsider: boolean;
  }) => ({
    text:
      `Only ${listManagers(managers)} can mute customers in this channel.` +
      `${isInsider ? ' Everyone can acknowledge alerts.' : ''}`,
  }),

  notAcknowledger: ({
    acknowledgedBy,
    managers,
  }: {
    acknowledgedBy: readonly string[];
    managers: readonly string[] | 'everyone';
  }) => ({
    text:
      `Only ${listPeople(acknowledgedBy)}, who acknowledged it, and the managers of this channel ` +
      `(${listManagers(managers)}) can undo that, so nothing was changed.`,
  }),

  external: (managers: readonly string[] | 'everyone') => ({
    text:
      'Only people of the organisation that connected this channel can acknowledge its alerts, so nothing was changed. ' +
      `To allow people from other organisations, ask ${listManagers(managers)}. If it is your organisation, open the ` +
      'app’s Home once and try again.',
  }),
} as const;

/** Uses rich text, which shows the name unchanged. */
function aboutCustomer(event: PerlyEvent, ...rest: (string | Date)[]): ClickAnswer {
  const name = isolate(customerName(event, maxNameLength));
  const elements = [name, ...rest].map((part) =>
    typeof part === 'string' ? { type: 'text' as const, text: part } : readersDate(part),
  );
  const text = rest.map((part) => (typeof part === 'string' ? part : readersTime(part.toISOString())));
  return {
    text: [escapeMrkdwn(preventAutolink(name)), ...text].join(''),
    blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }],
  };
}

/** Returns `<@U1>, <@U2> and 3 others`, for example. */
function listManagers(managers: readonly string[] | 'everyone'): string {
  if (managers === 'everyone') return 'people of the workspace that connected it';
  return managers.length === 0 ? 'its managers' : listPeople(managers);
}

function listPeople(people: readonly string[]): string {
  const named = people.slice(0, maxNamedPeople).map(mention);
  const others = people.length - named.length;
  if (others > 0) return `${named.join(', ')} and ${others} ${others === 1 ? 'other' : 'others'}`;
  return named.length === 1 ? named.join('') : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
}
