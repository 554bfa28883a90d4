import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Check, problemsOf } from '../../../sandbox/slack/checks/check.ts';
import { homeView, maxViewSize, modalView } from '../../../sandbox/slack/checks/view.ts';
import { elementsOf } from '../../../sandbox/slack/find-element.ts';
import { isRecord } from '../../../sandbox/slack/is-record.ts';
import { activityOutcomes } from '../../../src/channels/activity.ts';
import type { ActivityLine } from '../../../src/channels/activity-lines.ts';
import { presets } from '../../../src/domain/presets.ts';
import { customerName } from '../../../src/messages/alert-lines.ts';
import { hashRules } from '../../../src/slack/home/apply-change.ts';
import { buildActivityModal } from '../../../src/slack/views/activity-modal.ts';
import { buildAddChannelModal } from '../../../src/slack/views/add-channel-modal.ts';
import type { ChannelCard } from '../../../src/slack/views/channel-card.ts';
import { buildDisconnectModal } from '../../../src/slack/views/disconnect-modal.ts';
import { buildHome, channelsPerPage } from '../../../src/slack/views/home.ts';
import { fieldBlockId } from '../../../src/slack/views/inputs.ts';
import { buildManagersModal } from '../../../src/slack/views/managers-modal.ts';
import { mentionChannel, mentionPeople } from '../../../src/slack/views/mentions.ts';
import { buildMuteModal } from '../../../src/slack/views/mute-modal.ts';
import { buildMutedModal } from '../../../src/slack/views/muted-modal.ts';
import { buildPauseModal } from '../../../src/slack/views/pause-modal.ts';
import { buildPeopleModal } from '../../../src/slack/views/people-modal.ts';
import { timingChoices, toDraft, toRules } from '../../../src/slack/views/rules-draft.ts';
import { shownGroups } from '../../../src/slack/views/rules-groups.ts';
import { buildRulesModal, rulesMetadataSchema } from '../../../src/slack/views/rules-modal.ts';
import { describePreview } from '../../../src/slack/views/summarize-rules.ts';
import { buildTestAlertModal } from '../../../src/slack/views/test-alert-modal.ts';
import { channel, item, mute, nasty, preview, rules, summary } from '../../support/arbitrary-channels.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { sampleEvent } from '../../support/sample-events.ts';
import { sampleViews } from '../../support/sample-views.ts';

const now = new Date('2046-03-05T14:00:00Z');
const help = {
  aboutUrl: 'https://slack.perly.ai/',
  supportUrl: 'https://slack.perly.ai/support',
  privacyUrl: 'https://slack.perly.ai/privacy',
};
const link = `https://perly.example/slack/install?link=${'x'.repeat(600)}`;

/** The longest metadata: a click on the last of as many alerts as a message can hold. */
const maxClickLength = {
  teamId: 'T0ACMECS001',
  ref: 'r'.repeat(16),
  revision: 99,
  posted: Array.from({ length: 20 }, () => 'r'.repeat(16)),
  responseUrl: `https://hooks.slack.com/actions/${'x'.repeat(500)}`,
};

/** The only markup that may occur: our mentions, dates and links. */
const ownMarkup =
  /<#[CG][A-Z0-9]+>|<@[UW][A-Z0-9]+>|<!date\^\d+\^\{date_short_pretty\} at \{time\}\|[^<>|]*>|<https:\/\/slack\.perly\.ai\/\w*\|[^<>|]*>/g;

/** Fails if Slack would refuse the view, or would treat text in it as markup that is not ours. */
function expectGood(check: Check, view: object): void {
  expect(problemsOf(check, view, '')).toEqual([]);
  const text = JSON.stringify(view);
  expect(text.length).toBeLessThan(maxViewSize);
  JSON.stringify(view, (key, value: unknown) => {
    // Rich text has no markup.
    if (isRecord(value) && value.type === 'rich_text') return undefined;
    if (key === 'text' && typeof value === 'string') {
      expect(value.replace(ownMarkup, '')).not.toMatch(/[<>]/);
      expect(value.isWellFormed()).toBe(true);
    }
    return value;
  });
}

describe('Slack accepts', () => {
  test('Home with two hundred channels of any kind and name, on every page, with distinguishable buttons', () => {
    const card = fc.record({ channel, summary, mayManage: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(card, { minLength: channelsPerPage, maxLength: channelsPerPage }),
        fc.nat(13),
        fc.option(fc.record({ requestId: fc.uuid(), accountId: nasty, accountName: fc.option(nasty) }), {
          nil: undefined,
        }),
        fc.array(fc.record({ accountId: nasty, accountName: fc.option(nasty) }), { maxLength: 3 }),
        fc.array(fc.record({ userId: fc.constantFrom(null, 'U0DANA00001') }), { maxLength: 3 }),
        (all, page, question, accounts, owners) => {
          const total = 200;
          const first = page * channelsPerPage;
          const cards = all.slice(0, total - first).map(
            ({ channel, summary, mayManage }, index): ChannelCard => ({
              channel: { ...channel, _id: `T0ACMECS001:C${first + index}` },
              summary,
              links: mayManage ? { move: link, reconnect: link } : undefined,
              account: accounts[1],
              place: `channel ${first + index + 1} of ${total}`,
            }),
          );
          const links = { addChannel: link };
          const view = buildHome({
            teamId: 'T0ACMECS001',
            cards,
            page,
            total,
            broken: 3,
            waiting: 2,
            question,
            accounts,
            owners,
            links,
            help,
            now,
          });
          expectGood(homeView, view);
          expect(view.blocks.length).toBeLessThan(80);
          const labels = elementsOf(view.blocks).flatMap(({ element }) =>
            element.type === 'button' ? [element.accessibility_label ?? element.text] : [],
          );
          expect(new Set(labels).size).toBe(labels.length);
        },
      ),
      { numRuns: propertyRuns(60) },
    );
  });

  test.each(sampleViews())('the sample of %s', (_, view) => {
    expectGood(view.type === 'home' ? homeView : modalView, view);
  });

  test('the activity of any event', () => {
    fc.assert(
      fc.property(
        channel,
        fc.array(item, { maxLength: 25 }),
        fc.record({
          outcome: fc.constantFrom(undefined, ...activityOutcomes),
          after: fc.option(fc.nat(), { nil: undefined }),
        }),
        (shown, items, filter) => {
          const lines = items.map((one): ActivityLine => [one]);
          const next = filter.after;
          expectGood(modalView, buildActivityModal(shown, { lines, next }, filter));
          const [first, ...others] = items;
          if (first === undefined) return;
          const run: ActivityLine = [first, ...others];
          expectGood(modalView, buildActivityModal(shown, { lines: [run], next }, filter));
        },
      ),
      { numRuns: propertyRuns(60) },
    );
  });

  test('any muted customers, on any page', () => {
    fc.assert(
      fc.property(channel, fc.array(mute, { maxLength: 60 }), fc.nat(4), (shown, mutes, page) =>
        expectGood(modalView, buildMutedModal(shown, mutes, page)),
      ),
      { numRuns: propertyRuns(60) },
    );
  });

  test('the rules in any state of editing, with all that was typed', () => {
    const typed = fc.constantFrom('', '0', '15', '7.5', '101', 'abc', '99.9999999', '1e2', '0'.repeat(3000));
    const exceptions = fc.oneof(
      fc.constantFrom('', 'Fri 09:00–15:00'),
      fc.constantFrom('"', '\\', '\n', '\u0001', 'é', '"é').map((text) => text.repeat(1500).slice(0, 1500)),
    );
    fc.assert(
      fc.property(
        channel,
        fc.constantFrom(...timingChoices),
        fc.record({ scoreDelta: typed, exceptions }),
        fc.option(fc.constantFrom('Europe/Paris', 'Etc/GMT+5')),
        fc.boolean(),
        fc.constantFrom(...shownGroups),
        preview,
        fc.array(nasty, { minLength: 1, maxLength: 3 }),
        (edited, timing, { scoreDelta, exceptions }, timeZone, hasConflict, group, previewed, names) => {
          const present = toDraft(edited.rules, timeZone);
          const draft = { ...present, timing, scoreDelta, hours: { ...present.hours, exceptions } };
          const ownerNames = new Map(
            draft.owners.slice(0, 25).map((id, index) => [id, names[index % names.length] ?? '']),
          );
          const view = buildRulesModal({
            channel: mentionChannel(edited),
            metadata: {
              channelId: edited._id,
              version: edited.version,
              base: hashRules(edited.rules),
              generation: edited.rulesEpoch,
              group,
              groupChanges: 1,
            },
            draft,
            ownerNames,
            ...describePreview(previewed),
            ...(hasConflict && { conflict: { who: mentionPeople(['U0DANA00001']), rules: edited.rules } }),
            now,
          });
          expectGood(modalView, view);
          const kept = rulesMetadataSchema.parse(JSON.parse(view.private_metadata ?? ''));
          const ids = view.blocks.map(({ block_id }) => block_id);
          const shows = (field: string) => ids.includes(fieldBlockId(field, edited.rulesEpoch));
          expect(kept.hours).toEqual({
            ...draft.hours,
            exceptions: shows('exceptions') ? '' : draft.hours.exceptions,
          });
          expect(kept.scoreDelta).toEqual(shows('scoreDelta') ? '' : draft.scoreDelta);
          expect(kept.owners).toEqual(shows('owners') ? [] : draft.owners);
        },
      ),
      { numRuns: propertyRuns(100) },
    );
  });

  test('the people of any accounts, on every page, with distinguishable buttons', () => {
    const owner = fc.record({
      id: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      name: nasty,
      userId: fc.oneof(fc.constantFrom(null, 'U0DANA00001'), nasty),
    });
    const owners = fc.uniqueArray(owner, { selector: ({ id }) => id, maxLength: 40, size: 'max' });
    const account = fc.record({ accountId: fc.stringMatching(/^\w{1,40}$/), accountName: fc.option(nasty) });
    const people = fc.uniqueArray(fc.record({ account, owners }), {
      selector: (one) => one.account.accountId,
      maxLength: 3,
    });
    fc.assert(
      fc.property(people, fc.nat(5), (shown, page) =>
        expectGood(modalView, buildPeopleModal({ teamId: 'T0ACMECS001', page }, shown)),
      ),
      { numRuns: 60 },
    );
  });

  test('the accounts that a channel may be for, whatever their names', () => {
    const account = fc.record({
      accountId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
      accountName: fc.option(nasty),
      url: fc.constant(link),
    });
    fc.assert(
      fc.property(fc.array(account, { maxLength: 60 }), (accounts) =>
        expectGood(modalView, buildAddChannelModal(accounts)),
      ),
      { numRuns: propertyRuns(50) },
    );
  });

  test('the other modals', () => {
    fc.assert(
      fc.property(
        channel,
        fc.constantFrom('people' as const, 'everyone' as const),
        nasty,
        (shown, kind, reason) => {
          const name = mentionChannel(shown);
          const people = Array.from({ length: 50 }, (_, index) => `U0PERSON${index}`);
          const channelId = shown._id;
          expectGood(
            modalView,
            buildManagersModal(kind, { channelId, channel: name, people, external: true }),
          );
          const instants = { hour: now.toISOString(), tomorrow: now.toISOString() };
          expectGood(modalView, buildPauseModal(name, { channelId, ...instants }));
          expectGood(modalView, buildDisconnectModal(name, { held: 100, isWaiting: true }, shown));
          const customer = { ...sampleEvent('seed-example').customer, name: reason };
          const event = { ...sampleEvent('seed-example'), customer };
          const metadata = { ...maxClickLength, customer: customerName(event, 80), channel: name };
          const mutedUntil = now.toISOString();
          expectGood(modalView, buildMuteModal(metadata, now));
          expectGood(modalView, buildMuteModal({ ...metadata, mutedUntil }, now, 'date'));
          const results = [
            { kind: 'sent' },
            { kind: 'failed' },
            { kind: 'busy', until: null },
            { kind: 'busy', until: new Date('2026-03-02T14:15:00Z') },
            { kind: 'broken', reason },
          ] as const;
          for (const result of results) expectGood(modalView, buildTestAlertModal(name, result, link));
        },
      ),
      { numRuns: propertyRuns(50) },
    );
  });
});

test('rules survive the form unchanged', () => {
  fc.assert(
    fc.property(rules, (given) => {
      expect(toRules(toDraft(given, null))).toEqual({ rules: given });
    }),
  );
  for (const { rules: preset } of presets) expect(toRules(toDraft(preset, null))).toEqual({ rules: preset });
});
