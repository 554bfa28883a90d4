import type { Document } from 'mongodb';
import { expect } from 'vitest';
import { elementsOf } from '../../../sandbox/slack/find-element.ts';
import type { HeldRequest } from '../../../sandbox/slack/held-requests.ts';
import { globex, sharingTeam } from '../../../sandbox/slack/organisations.ts';
import { createHomeDriver } from '../../support/home-driver.ts';
import { startTestApp } from '../../support/test-app.ts';

export const team = sharingTeam.id;
export const people = {
  dana: 'U0DANA00001',
  milo: 'U0MILO00002',
  gus: 'U0GUEST0001',
  olga: 'U0OLGA00001',
} as const;

/** Each kind uses `target` and `variant` in its own way. */
export type Step = { kind: string; who: string; target: number; variant: number };

/** Kinds of steps, and the check of their results. */
export type StepGroup = {
  /** By kind, a function that returns the requests of a step, which Slack has not sent to the app yet. */
  kinds: Readonly<Record<string, (step: Step) => Promise<HeldRequest[]>>>;
  /** Prepares what the steps need. */
  setup?(steps: readonly Step[]): Promise<void>;
  /** Differences from what the steps should have caused, in any order. */
  findFaults(steps: readonly Step[]): Promise<string[]>;
};

/** Each group has channels of its own, so that the groups do not affect each other. */
const roles = [
  'solo',
  'muted',
  'joined',
  'digest',
  'taken',
  'pause',
  'rules',
  'managers',
  'disconnect',
  'activity',
  'link',
];
export type Role = (typeof roles)[number];

const slackIdOf = (role: Role) => `C0${role.toUpperCase().padEnd(9, '0')}`;
export const channelIdOf = (role: Role) => `${team}:${slackIdOf(role)}`;
export const accountOf = (role: Role) => `acct_${role}`;

/** Longer than any run without a hang, even on a slow machine. */
export const maxRunMs = 300_000;

/** Enough for a second page of Home. */
const moreChannels = 5;

export type Fixture = Awaited<ReturnType<typeof createFixture>>;

/** All channels are shared with another organisation; Dana manages them. */
export async function createFixture() {
  const channels = roles.map((role) => ({
    id: slackIdOf(role),
    name: role,
    sharedWith: [globex.id],
    members: [people.gus],
  }));
  const running = await startTestApp({
    // Hundreds of requests at once take a busy machine minutes.
    slack: { teams: [{ ...sharingTeam, channels }, globex], enforceRate: false, answerTimeoutMs: maxRunMs },
  });
  const { slack, db } = running;
  for (const role of roles) await running.connect(`#${role}`, role === 'link' ? undefined : accountOf(role));
  const documents = db.collection<Document & { _id: string }>('channels');
  const managers = await documents.findOne({ _id: channelIdOf('managers') });
  for (let index = 0; index < moreChannels; index++)
    await documents.insertOne({ ...managers, _id: `${team}:C0MORE0000${index}`, name: `#zz-${index}` });
  const initialChannels = await documents.find().toArray();
  const links = await db.collection('links').find().toArray();
  const dana = createHomeDriver(() => running, 'dana');

  /** The Home that was published last may be outdated. */
  async function waitForButton(role: Role, wanted: string): Promise<void> {
    const blockId = `channel ${channelIdOf(role)}`;
    const isShown = () =>
      elementsOf(slack.home('dana')?.content.blocks).some(
        (one) => one.blockId === blockId && one.actionId === wanted,
      );
    if (!isShown()) await dana.open();
    await expect.poll(isShown).toBe(true);
  }

  const fixture = {
    running,
    dana,
    blockOf: (role: Role) => `channel ${channelIdOf(role)}`,
    channel: (role: Role) => documents.findOne({ _id: channelIdOf(role) }),
    change: (role: Role, set: Document) => documents.updateOne({ _id: channelIdOf(role) }, { $set: set }),
    audited: (role: Role, action: string) =>
      db.collection('audit').countDocuments({ channelId: channelIdOf(role), action }),

    /** Holds back the requests that Slack would send during `work`. */
    async hold(work: () => Promise<unknown>): Promise<HeldRequest[]> {
      const held = slack.holdRequests();
      await work().finally(held.release);
      return held.requests;
    },

    async closeModals(): Promise<void> {
      if (slack.modals('dana').length > 0) await slack.closeView('dana', { all: true });
    },

    /** Presses a button in Home, and waits until a modal contains `words`. */
    async press(role: Role, actionId: string, words: string, choice?: string): Promise<void> {
      await fixture.closeModals();
      await waitForButton(role, actionId);
      await dana.press(actionId, words, choice, fixture.blockOf(role));
    },

    /** The requests that Slack would send for a click on a channel in Home. */
    async click(role: Role, actionId: string, choice?: string): Promise<HeldRequest[]> {
      await waitForButton(role, actionId);
      return fixture.hold(() =>
        slack.click({
          user: 'dana',
          on: 'home',
          actionId,
          blockId: fixture.blockOf(role),
          ...(choice !== undefined && { choice }),
        }),
      );
    },

    /** Restores the state right after everything was connected. */
    async reset(): Promise<void> {
      await fixture.closeModals();
      for (const name of ['mutes', 'audit', 'linkConfirmations']) await db.collection(name).deleteMany({});
      for (const document of initialChannels.filter(({ _id }) => _id !== channelIdOf('digest')))
        await documents.replaceOne({ _id: document._id }, document, { upsert: true });
      await db.collection('links').deleteMany({ accountId: accountOf('link') });
      await dana.open('Channels 1–15 of 16');
      expect(await db.collection('links').countDocuments({ teamId: team })).toBe(links.length);
    },
  };
  return fixture;
}

/** Reports a value that is not among those allowed. */
export function check(what: string, value: unknown, allowed: readonly unknown[]): string[] {
  return allowed.includes(value) ? [] : [`${what} is ${String(value)}, not ${allowed.join(' or ')}`];
}

export function has(steps: readonly Step[], kind: string): boolean {
  return steps.some((step) => step.kind === kind);
}
