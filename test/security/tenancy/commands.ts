import fc from 'fast-check';
import { expect } from 'vitest';
import { elementsOfMessage } from '../../../sandbox/slack/find-element.ts';
import { textOf } from '../../support/view-text.ts';
import { add, connect, deleteAccount, end, install, link, move, reconnect, serves } from './connecting.ts';
import { mention, postCritical, remind } from './reminding.ts';
import { accountCount, type ExpectedChannel, type Scenario } from './scenario.ts';
import { waitUntilSent } from './wait-until-sent.ts';

const account = fc.nat(accountCount - 1);
/** The first channels more often, so that accounts meet there. */
const channel = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.constant(2) },
);
/** Mostly the account that the channel serves at that time, sometimes another one. */
const who = fc.oneof(
  { weight: 5, arbitrary: fc.constant('owner' as const) },
  { weight: 1, arbitrary: account },
);

const verbs = [
  [5, fc.record({ do: fc.constant('connect' as const), account, channel })],
  [1, fc.record({ do: fc.constant('install' as const), channel })],
  [2, fc.record({ do: fc.constant('post' as const), who, channel })],
  [5, fc.record({ do: fc.constant('fail' as const), who, channel })],
  [2, fc.record({ do: fc.constant('disconnect' as const), who, channel })],
  [2, fc.record({ do: fc.constant('unlink' as const), who, channel })],
  [2, fc.record({ do: fc.constant('move' as const), channel, to: channel })],
  [1, fc.record({ do: fc.constant('reconnect' as const), channel })],
  [1, fc.record({ do: fc.constant('add' as const), account, channel })],
  [2, fc.record({ do: fc.constant('link' as const), account, channel })],
  [1, fc.record({ do: fc.constant('deleteAccount' as const), who, channel })],
  [1, fc.record({ do: fc.constant('connectLate' as const), account, channel })],
  [1, fc.record({ do: fc.constant('retry' as const), who, channel })],
  [1, fc.record({ do: fc.constant('retryAsOperator' as const), channel })],
  [1, fc.record({ do: fc.constant('rules' as const), who, channel })],
  [1, fc.record({ do: fc.constant('mention' as const), who, channel })],
  [3, fc.record({ do: fc.constant('postCritical' as const), channel })],
  [3, fc.record({ do: fc.constant('remind' as const) })],
  [
    2,
    fc.record({
      do: fc.constantFrom('acknowledge' as const, 'mute' as const),
      channel,
      message: fc.nat(5),
    }),
  ],
] as const;

/** Accounts, channels and messages are named by their indexes. */
export const anyCommand = fc.oneof(...verbs.map(([weight, arbitrary]) => ({ weight, arbitrary })));

export type Command = typeof anyCommand extends fc.Arbitrary<infer T> ? T : never;

/** Runs a command in the app, and applies it to the model. */
export async function run(scenario: Scenario, command: Command): Promise<void> {
  const { app } = scenario;
  const at = (index: number): ExpectedChannel => {
    const found = scenario.channels[index];
    if (found === undefined) throw new Error(`no channel ${index}`);
    return found;
  };
  const by = (): number => {
    if (!('who' in command)) throw new Error(`nobody in particular does ${command.do}`);
    return command.who === 'owner' ? (at(command.channel).account ?? 0) : command.who;
  };
  switch (command.do) {
    case 'connect':
      return connect(scenario, at(command.channel), command.account);
    case 'install': {
      const target = at(command.channel);
      const { status } = await install(scenario, `${app.url}/slack/install`, target);
      expect(status).toBe(200);
      if (target.state === 'off') target.state = 'waiting';
      return;
    }
    case 'post':
      return post(scenario, by());
    case 'fail': {
      const armed = app.slack.failWebhook(at(command.channel).slackId, {
        status: 400,
        body: 'invalid_blocks',
      });
      await post(scenario, by(), at(command.channel));
      armed.release();
      return;
    }
    case 'disconnect': {
      const target = at(command.channel);
      const isOwn = serves(target, by());
      const answer = await scenario.api(by())('delete', `/perly/channels/${target.id}`);
      expect(answer.status).toBe(isOwn ? 204 : 404);
      if (isOwn) end(target, 'off');
      return;
    }
    case 'unlink': {
      await scenario.api(by())('delete', `/perly/links/${scenario.team.id}`);
      for (const each of scenario.servedBy(by())) end(each, 'waiting');
      scenario.linked.delete(by());
      return;
    }
    case 'reconnect':
      return reconnect(scenario, at(command.channel));
    case 'add':
      return add(scenario, at(command.channel), command.account);
    case 'link':
      return link(scenario, at(command.channel), command.account);
    case 'deleteAccount':
      return deleteAccount(scenario, by());
    case 'connectLate': {
      const token = await scenario.connectToken(command.account);
      await deleteAccount(scenario, command.account);
      const { status } = await install(
        scenario,
        `${app.url}/slack/install?token=${token}`,
        at(command.channel),
      );
      expect(status).not.toBe(200);
      return;
    }
    case 'move':
      return move(scenario, at(command.channel), at(command.to));
    case 'retry': {
      const target = at(command.channel);
      const path = `/perly/channels/${target.id}/failed-deliveries/retry`;
      const answer = await scenario.api(by())('post', path, { body: { ids: 'all' } });
      if (!serves(target, by())) return expect(answer.status).toBe(404);
      expect(answer.body).toEqual({ retried: target.failed });
      target.failed = 0;
      return waitUntilSent(scenario);
    }
    case 'retryAsOperator': {
      const target = at(command.channel);
      const { alerts } = await scenario.failedDeliveries.retry({ channelId: target.id });
      expect(alerts).toBe(target.state === 'serving' ? target.failed : 0);
      target.failed = 0;
      // Recovery would find it within a minute; a retry by the account has it sent at once.
      if (alerts > 0 && target.account !== undefined)
        await scenario.api(target.account)('post', `/perly/channels/${target.id}/failed-deliveries/retry`, {
          body: { ids: 'all' },
        });
      return waitUntilSent(scenario);
    }
    case 'rules': {
      const path = `/perly/channels/${at(command.channel).id}/rules`;
      const own = scenario.api(by());
      const { status, body, etag } = await own('get', path);
      expect(status).toBe(serves(at(command.channel), by()) ? 200 : 404);
      if (status !== 200 || etag === null) return;
      const changed = { ...body, score_delta_minimum: by() + 1 };
      expect((await own('put', path, { body: changed, ifMatch: etag })).status).toBe(200);
      return;
    }
    case 'mention':
      return mention(scenario, by());
    case 'postCritical':
      return postCritical(scenario, at(command.channel));
    case 'remind':
      return remind(scenario);
    default:
      return click(scenario, at(command.channel), command.do, command.message);
  }
}

/** Waits until the event has arrived everywhere. @param failing the channel that refuses it */
async function post(scenario: Scenario, from: number, failing?: ExpectedChannel): Promise<void> {
  expect((await scenario.app.perly.post(scenario.nextEvent(from))).status).toBe(202);
  await waitUntilSent(scenario);
  if (failing !== undefined && serves(failing, from)) failing.failed += 1;
}

/** Clicks on a message in the channel, of whichever account. */
async function click(
  scenario: Scenario,
  target: ExpectedChannel,
  what: 'acknowledge' | 'mute',
  index: number,
): Promise<void> {
  const { app, userId, team } = scenario;
  const actionId = what === 'mute' ? 'mute_customer' : 'acknowledge';
  const shown = () => app.slack.messages(target.slackId);
  const usable = shown().filter(({ payload }) =>
    elementsOfMessage(payload).some((element) => element.actionId === actionId),
  );
  const message = usable[index % Math.max(1, usable.length)];
  if (message === undefined) return;
  const text = JSON.stringify(message.payload);
  const owner = scenario.accounts.findIndex((_, each) => text.includes(scenario.mark(each)));
  const deliveries = app.db.collection('deliveries');
  const [, eventId] = /(zq\w+n\d+)/.exec(text) ?? [];
  const eventKey = JSON.stringify([scenario.accounts[owner], `evt_${eventId}`]);
  // Nobody can act on what was deleted with its account.
  const isLive = serves(target, owner) && scenario.posted.some(({ id }) => id === `evt_${eventId}`);
  const answers = () => shown().filter(({ ephemeralTo }) => ephemeralTo === userId).length;
  const before = answers();
  const answer = await app.slack.click({
    user: userId,
    teamId: team.id,
    on: message.ts,
    actionId,
  });
  expect(answer.status).toBe(200);
  if (what === 'acknowledge' && isLive) {
    await expect
      .poll(() => deliveries.findOne({ eventKey, channelId: target.id }), { interval: 20 })
      .toMatchObject({ acknowledgedBy: userId });
    return;
  }
  const isAsked = () => textOf(app.slack.modals(userId, team.id).at(-1)).includes('For how long');
  await expect.poll(() => answers() > before || isAsked(), { interval: 20 }).toBe(true);
  if (isAsked()) await app.slack.submitView(userId, { mute: 'day' }, team.id);
  await expect.poll(answers, { interval: 20 }).toBeGreaterThan(before);
  if (isLive) return;
  expect(await app.db.collection('mutes').countDocuments({ customerId: `cus_${eventId}` })).toBe(0);
  const delivery = await deliveries.findOne({ eventKey, channelId: target.id });
  if (what === 'acknowledge') expect(delivery?.acknowledgedBy ?? null).toBeNull();
}
