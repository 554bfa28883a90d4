import { createApiClient } from '../../../sandbox/perly/api-client.ts';
import { createStores } from '../../../src/app/create-stores.ts';
import { createFailedDeliveries } from '../../../src/channels/failed-deliveries.ts';
import { channelKey } from '../../../src/store/channels/store.ts';
import { sampleEvent } from '../../support/sample-events.ts';
import type { TestApp } from '../../support/test-app.ts';

/** The model of a channel: which account it serves, and which of its alerts failed. */
export type ExpectedChannel = {
  id: string;
  slackId: string;
  name: string;
  /** `waiting`: connected, and serves no account. */
  state: 'off' | 'waiting' | 'serving';
  /** The index of the account that it serves, or served last. */
  account: number | undefined;
  failed: number;
};

export type Scenario = Awaited<ReturnType<typeof createScenario>>;

export const accountCount = 3;

export const ownerId = 'own_1';
const channelCount = 3;

let scenarios = 0;

/**
 * A workspace of its own with three channels and three accounts. All of an account's data contains its mark, except
 * its name, which the workspace's people see.
 */
export async function createScenario(app: TestApp, recover: () => Promise<void>) {
  scenarios += 1;
  const number = String(scenarios).padStart(6, '0');
  const teamId = `T0T${number}`;
  const userId = `U0T${number}`;
  const channels = Array.from({ length: channelCount }, (_, index): ExpectedChannel => {
    const slackId = `C${index}T${number}`;
    return {
      id: channelKey(teamId, slackId),
      slackId,
      name: `room-${index}-${number}`,
      state: 'off',
      account: undefined,
      failed: 0,
    };
  });
  const team = app.slack.addTeam({
    id: teamId,
    name: `Tenancy ${number}`,
    domain: `tenancy-${number}`,
    users: [{ id: userId, name: `olga-${number}`, realName: 'Olga' }],
    channels: channels.map(({ slackId: id, name }) => ({ id, name })),
  });
  const accounts = Array.from({ length: accountCount }, (_, index) => `acct_${number}_${index}`);
  const leaks: string[] = [];
  /** The reminders that arrived, by channel and customer. */
  const reminders = new Set<string>();
  const stopListening = app.slack.onMessage(({ channelId, payload, ephemeralTo }) => {
    const channel = channels.find(({ slackId }) => slackId === channelId);
    if (channel === undefined || ephemeralTo !== undefined) return;
    const text = JSON.stringify(payload);
    for (const [index] of accounts.entries())
      if (
        (text.includes(markOf(number, index)) || text.includes(ownerUserOf(number, index))) &&
        channel.account !== index
      )
        leaks.push(
          `an alert of account ${index} came to ${channel.name}, which is account ${channel.account}'s`,
        );
    // Alerts that are sent together have an attachment each.
    for (const attachment of (payload as { attachments?: unknown[] }).attachments ?? []) {
      const alert = JSON.stringify(attachment);
      if (!alert.includes('Still open for')) continue;
      const reminder = `${channel.name} ${/zq\w+n\d+/.exec(alert)?.[0]}`;
      if (reminders.has(reminder)) leaks.push(`a second reminder came: ${reminder}`);
      reminders.add(reminder);
    }
  });
  const stores = createStores(app.db, app.config.appSecrets, () => {});
  let events = 0;
  /** In seconds, by account: tokens signed until then are refused. */
  const deletedAt = accounts.map(() => 0);
  const issuedAt = (account: number) =>
    Math.max(Math.floor(Date.now() / 1000), (deletedAt[account] ?? 0) + 1);
  const posted: { account: number; id: string }[] = [];

  return {
    app,
    team,
    userId,
    channels,
    accounts,
    /** Messages in a channel that serves another account, and second reminders. */
    leaks,
    reminders,
    recover,
    stopListening,
    posted,
    /** The operators' view of the same database. */
    failedDeliveries: createFailedDeliveries({ ...stores, clock: { now: () => new Date() } }),
    mark: (account: number) => markOf(number, account),
    ownerUser: (account: number) => ownerUserOf(number, account),
    /** The accounts that the workspace is linked to. */
    linked: new Set<number>(),
    api: (account: number) =>
      createApiClient(app.url, () => app.perly.token(accounts[account] ?? '', { iat: issuedAt(account) })),
    /** Newer than the account's last deletion. */
    connectToken: (account: number, claims = {}) =>
      app.perly.connectToken(accounts[account] ?? '', { ...claims, iat: issuedAt(account) }),

    /** @returns the status of the answer */
    async deleteAccount(account: number): Promise<number> {
      const id = accounts[account] ?? '';
      const iat = issuedAt(account);
      const api = createApiClient(app.url, () => app.perly.adminToken(id, { iat }));
      const { status } = await api('delete', `/perly/accounts/${id}`);
      deletedAt[account] = Math.max(iat, Math.floor(Date.now() / 1000));
      return status;
    },
    servedBy: (account: number) =>
      channels.filter((channel) => channel.state === 'serving' && channel.account === account),

    /** Each event is about a customer of its own. */
    nextEvent(account: number, more: object = {}) {
      events += 1;
      const mark = `${markOf(number, account)}n${events}`;
      posted.push({ account, id: `evt_${mark}` });
      return {
        ...sampleEvent('seed-example'),
        id: `evt_${mark}`,
        account_id: accounts[account] ?? '',
        customer: {
          id: `cus_${mark}`,
          name: `Customer ${mark}`,
          url: `https://app.perly.ai/customers/${mark}`,
          owner: { id: ownerId, name: `Owner ${markOf(number, account)}` },
        },
        ...more,
      };
    },
  };
}

/** In all of an account's events, and nowhere else. */
function markOf(number: string, account: number): string {
  return `zq${number}${'abc'[account]}`;
}

/** The Slack user of all of an account's owners, whom nobody else's alerts may mention. */
function ownerUserOf(number: string, account: number): string {
  return `U${'ABC'[account]}T${number}`;
}
