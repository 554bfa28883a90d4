import { expect } from 'vitest';
import type { HeldRequest } from '../../../sandbox/slack/held-requests.ts';
import { renderLines } from '../../../sandbox/slack/render/render-message.ts';
import { dayMs } from '../../../src/lib/time.ts';
import { eventOf } from '../../support/named-events.ts';
import { postTogether } from '../../support/post-together.ts';
import {
  accountOf,
  channelIdOf,
  check,
  type Fixture,
  people,
  type Role,
  type Step,
  type StepGroup,
} from './fixture.ts';

/** The channel and attachment of an alert, and its state at the start. */
const targets: readonly { role: Role; attachment?: number; isMuted?: true; isAcknowledged?: true }[] = [
  { role: 'solo' },
  { role: 'joined', attachment: 1 },
  { role: 'joined', attachment: 2 },
  { role: 'digest', attachment: 1 },
  { role: 'muted', isMuted: true },
  { role: 'joined', attachment: 3, isMuted: true },
  { role: 'digest', attachment: 2, isMuted: true },
  { role: 'taken', isAcknowledged: true },
];
const sizes: Readonly<Record<string, number>> = { solo: 1, muted: 1, taken: 1, joined: 6, digest: 2 };
const firstMuted = targets.findIndex(({ isMuted }) => isMuted);
const firstAcknowledged = targets.findIndex(({ isAcknowledged }) => isAcknowledged);

const periods = ['day', 'week', 'month'] as const;
const days = { day: 1, week: 7, month: 30 };

/** The buttons and menus of a single alert, of three in one message, and of a digest. */
export function createAlerts({ running, dana, hold, closeModals, channel }: Fixture): StepGroup {
  const { slack, perly, db } = running;
  let round = 0;
  const ts = new Map<Role, string>();

  const unmutedTarget = ({ target }: Step) => target % firstMuted;
  const mutedTarget = ({ target }: Step) => firstMuted + (target % (firstAcknowledged - firstMuted));
  const anyTarget = ({ target }: Step) => target % firstAcknowledged;
  const targetOf: Readonly<Record<string, (step: Step) => number>> = {
    acknowledge: anyTarget,
    'undo acknowledge': () => firstAcknowledged,
    mute: unmutedTarget,
    'ask to mute': unmutedTarget,
    'choose how long': unmutedTarget,
    unmute: mutedTarget,
    'open in Perly': () => 0,
  };
  const indexOf = (step: Step) => targetOf[step.kind]?.(step) ?? -1;

  /** The customer of each attachment, with a new name in each round. */
  const nameOf = ({ role, attachment = 1 }: { role: Role; attachment?: number }) =>
    `${role.charAt(0).toUpperCase()}${role.slice(1)}${round}x${attachment}`;
  const posted = (role: Role) =>
    slack.messages(`#${role}`).filter(({ webhookId }) => webhookId !== undefined);
  const read = (role: Role) => renderLines(slack.model.message(ts.get(role) ?? '')?.payload).join('\n');

  async function post(role: Role): Promise<void> {
    const before = posted(role).length;
    const events = Array.from({ length: sizes[role] ?? 0 }, (_, index) => ({
      ...eventOf(nameOf({ role, attachment: index + 1 })),
      account_id: accountOf(role),
    }));
    if (role === 'digest') {
      slack.revokeWebhooks('#digest');
      await perly.post({ events });
      await expect.poll(async () => (await channel(role))?.status).toBe('broken');
      await running.connect('#digest', accountOf(role));
    } else if (events.length > 1) await postTogether(running, `#${role}`, events);
    else await perly.post({ events });
    const isHere = ({ payload }: { payload: unknown }) => JSON.stringify(payload).includes(nameOf({ role }));
    await slack.waitForMessages(() => posted(role).slice(before).some(isHere));
    ts.set(role, posted(role).findLast(isHere)?.ts ?? '');
  }

  const menu = (index: number, who: string, choice: string) => {
    const { role, attachment = 1 } = targets[index] ?? { role: '' };
    return slack.click({ user: who, on: ts.get(role) ?? '', actionId: 'alert_menu', attachment, choice });
  };
  const button = (index: number, who: string, actionId: string, choice?: string) =>
    slack.click({
      user: who,
      on: ts.get(targets[index]?.role ?? '') ?? '',
      actionId,
      ...(choice !== undefined && { choice }),
    });
  const isSingle = (index: number) => targets[index]?.attachment === undefined;

  const pressMute = (index: number, who: string) =>
    isSingle(index) ? button(index, who, 'mute_customer') : menu(index, who, 'mute');

  async function askToMute(index: number): Promise<void> {
    await closeModals();
    await pressMute(index, people.dana);
    await expect.poll(() => dana.modalText()).toContain('For how long');
  }

  async function muteFromTheStart(index: number): Promise<void> {
    const { role, attachment = 1 } = targets[index] ?? { role: '' };
    await askToMute(index);
    await dana.submit({ mute: 'week' });
    const customerId = `cus_${nameOf({ role, attachment })}`;
    await expect.poll(() => db.collection('mutes').countDocuments({ customerId })).toBe(1);
    await expect.poll(() => read(role)).toContain('Muted until');
  }

  return {
    async setup(steps) {
      round += 1;
      const indices = new Set(steps.map(indexOf));
      await Promise.all([...new Set([...indices].map((index) => targets[index]?.role ?? ''))].map(post));
      for (const index of indices) if (targets[index]?.isMuted) await muteFromTheStart(index);
      if (!indices.has(firstAcknowledged)) return;
      await button(firstAcknowledged, people.dana, 'acknowledge');
      await expect.poll(() => read('taken')).toContain('[Undo acknowledge]');
    },

    kinds: {
      acknowledge: (step) =>
        hold(() =>
          isSingle(indexOf(step))
            ? button(indexOf(step), step.who, 'acknowledge')
            : menu(indexOf(step), step.who, 'acknowledge'),
        ),

      'undo acknowledge': (step) => hold(() => button(firstAcknowledged, step.who, 'undo_acknowledge')),

      async mute(step) {
        const period = periods[step.variant % periods.length] ?? 'day';
        const index = indexOf(step);
        if (step.who !== people.dana) return hold(() => pressMute(index, step.who));
        await askToMute(index);
        return hold(() => dana.submit({ mute: period }));
      },

      'ask to mute': (step): Promise<HeldRequest[]> => hold(() => pressMute(indexOf(step), step.who)),

      async 'choose how long'(step) {
        if (step.who !== people.dana) return [];
        await askToMute(indexOf(step));
        return hold(() => dana.use('mute_choice', { choice: 'date' }));
      },

      unmute: (step) =>
        hold(() =>
          isSingle(indexOf(step))
            ? button(indexOf(step), step.who, 'unmute_customer')
            : menu(indexOf(step), step.who, 'unmute'),
        ),

      'open in Perly': (step) => hold(() => button(0, step.who, 'open_in_perly')),
    },

    async findFaults(steps) {
      const faults: string[] = [];
      for (const [index, target] of targets.entries()) {
        const on = steps.filter((step) => indexOf(step) === index);
        if (on.length === 0) continue;
        const name = nameOf(target);
        const acknowledging = on
          .filter(({ kind, who }) => kind === 'acknowledge' && who !== people.olga)
          .map(({ who }) => who);
        const eventKey = JSON.stringify([accountOf(target.role), `evt_${name}`]);
        const delivery = await db.collection('deliveries').findOne({ eventKey });
        const isTaken = target.isAcknowledged && !on.some(({ who }) => who === people.dana);
        const untouched = isTaken ? people.dana : null;
        const allowed = acknowledging.length === 0 ? [untouched] : acknowledging;
        faults.push(...check(`${name}: acknowledgedBy`, delivery?.acknowledgedBy, allowed));
        const byDana = on.filter(({ who }) => who === people.dana);
        const isUnmuted = byDana.some(({ kind }) => kind === 'unmute');
        const mutedFor = [
          target.isMuted && !isUnmuted ? 7 : 0,
          ...byDana
            .filter(({ kind }) => kind === 'mute')
            .map(({ variant }) => days[periods[variant % periods.length] ?? 'day']),
        ];
        const mute = await db
          .collection('mutes')
          .findOne({ customerId: `cus_${name}`, channelId: channelIdOf(target.role) });
        const muted = mute === null ? 0 : Math.round((mute.until - Date.now()) / dayMs);
        faults.push(...check(`${name}: days muted`, muted, [Math.max(...mutedFor)]));
        const shown = read(target.role);
        if (acknowledging.length > 0 && !shown.includes('✓ Acknowledged'))
          faults.push(`${name}: the message does not show who acknowledged it`);
      }
      return faults;
    },
  };
}
