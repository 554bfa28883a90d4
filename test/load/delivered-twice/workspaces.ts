import { expect } from 'vitest';
import type { HeldRequest } from '../../../sandbox/slack/held-requests.ts';
import { openBrowser } from '../../support/browser.ts';
import { createHomeDriver } from '../../support/home-driver.ts';
import { followToPerly, linkInHome, returnFromPerly } from '../../support/linking.ts';
import { accountOf, check, type Fixture, has, people, type StepGroup, team } from './fixture.ts';

/** Linking a channel that waits for an account, by a confirmation in Home. */
export function createLinking({ running, dana, hold, channel, audited }: Fixture): StepGroup {
  const { slack, db } = running;
  const press = (actionId: string) => hold(() => slack.click({ user: 'dana', on: 'home', actionId }));
  const announced = () =>
    slack.messages('#link').filter(({ payload }) => JSON.stringify(payload).includes('Alerts are on')).length;
  let announcedBefore = 0;
  let linkClicks: HeldRequest[] = [];

  return {
    async setup(steps) {
      announcedBefore = announced();
      if (steps.length === 0) return;
      linkClicks = await press('home_link_account');
      if (!has(steps, 'confirm a link') && !has(steps, 'cancel a link')) return;
      const browser = openBrowser();
      const state = await followToPerly(browser, await linkInHome(running, 'dana'));
      await returnFromPerly(running, browser, { state, accountId: accountOf('link') });
      await expect.poll(() => dana.home()).toContain(accountOf('link'));
    },
    kinds: {
      'link an account': async () => linkClicks,
      'confirm a link': () => press('home_confirm_link'),
      'cancel a link': () => press('home_cancel_link'),
    },
    async findFaults(steps) {
      const accountId = (await channel('link'))?.accountId;
      const isConfirmed = has(steps, 'confirm a link');
      const isCancelled = has(steps, 'cancel a link');
      const linked = accountOf('link');
      const allowed = !isConfirmed ? [null] : isCancelled ? [linked, null] : [linked];
      const times = accountId === null ? 0 : 1;
      const waiting = await db.collection('linkConfirmations').countDocuments();
      return [
        ...check('the account', accountId, allowed),
        ...check('links told of', await audited('link', 'linked'), [times]),
        ...check('links announced', announced() - announcedBefore, [times]),
        ...check('links', await db.collection('links').countDocuments({ accountId: linked }), [times]),
        ...check('questions left', waiting, [0]),
      ];
    },
  };
}

const oddTokens = [
  {},
  { tokens: null },
  { tokens: { oauth: [people.milo] } },
  { tokens: { bot: ['U0OTHER'] } },
];

/** Uninstalls: one workspace keeps the app, and two remove it, one of which adds it again. */
export function createRemovals({ running, hold }: Fixture): StepGroup {
  const { slack, db } = running;
  let round = 0;
  const idOf = (name: string) => `T0${name}${String(round).padStart(5, '0')}`;
  const userOf = (name: string) => `U0${name}${String(round).padStart(5, '0')}`;
  const clicks = new Map<string, HeldRequest[]>();

  async function install(name: string): Promise<void> {
    const choice = { team: idOf(name), user: name, channel: '#alerts' };
    const page = await slack.install(await running.perly.installUrl(`acct_${idOf(name)}`), choice);
    expect(page.status).toBe(200);
  }

  /** A workspace with the app, whose person has just used Home. */
  async function add(name: string): Promise<void> {
    const id = idOf(name);
    slack.addTeam({
      id,
      name: id,
      domain: id.toLowerCase(),
      users: [{ id: userOf(name), name }],
      channels: [{ id: `C${id.slice(1)}`, name: 'alerts' }],
    });
    await install(name);
    const user = userOf(name);
    await createHomeDriver(() => running, user, id).open('Edit rules');
    const actionId = 'channel_edit_rules';
    clicks.set(name, await hold(() => slack.click({ user, teamId: id, on: 'home', actionId })));
  }

  const installed = (teamId: string) =>
    db.collection('installations').countDocuments({ teamId, bot: { $exists: true } });

  return {
    async setup(steps) {
      round += 1;
      clicks.clear();
      if (steps.some(({ kind }) => /uninstall|leaves/.test(kind))) await add('LEAVES');
      if (has(steps, 'uninstall and add again')) await add('RETURN');
    },
    kinds: {
      'old uninstall': () =>
        hold(() => slack.sendEvent({ type: 'app_uninstalled' }, { envelope: { event_time: 1_700_000_000 } })),
      'odd revocation': ({ variant }) =>
        hold(() => slack.sendEvent({ type: 'tokens_revoked', ...oddTokens[variant % oddTokens.length] })),
      'url verification': () => hold(() => slack.sendUrlVerification()),
      'click where the app leaves': async () => clicks.get('LEAVES') ?? [],
      uninstall: () => hold(() => slack.uninstall(idOf('LEAVES'))),
      async 'uninstall and add again'() {
        const requests = await hold(() => slack.uninstall(idOf('RETURN')));
        await install('RETURN');
        return [...(clicks.get('RETURN') ?? []), ...requests];
      },
    },
    async findFaults(steps) {
      const faults = check('installations', await installed(team), [1]);
      const channelOf = (name: string) => db.collection('channels').findOne({ teamId: idOf(name) });
      if (has(steps, 'uninstall')) {
        const left = await channelOf('LEAVES');
        faults.push(
          ...check('installations where the app left', await installed(idOf('LEAVES')), [0]),
          ...check('status where the app left', left?.status, ['disconnected']),
          ...check('has a webhook where the app left', left?.webhookUrl !== undefined, [false]),
        );
      }
      if (has(steps, 'uninstall and add again')) {
        const back = await channelOf('RETURN');
        faults.push(
          ...check('installations where the app returned', await installed(idOf('RETURN')), [1]),
          ...check('status where the app returned', back?.status, ['active']),
        );
      }
      return faults;
    },
  };
}
