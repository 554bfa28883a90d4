import type { ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { LRUCache } from 'lru-cache';
import type { Viewer } from '../../domain/permissions.ts';
import type { Rules } from '../../domain/rules.ts';
import { createCoalescingQueue } from '../../lib/coalescing-queue.ts';
import type { Channel } from '../../store/channels/document.ts';
import { copy } from '../views/copy.ts';
import { fieldBlockId, readFields } from '../views/inputs.ts';
import { mentionChannel, mentionPeople } from '../views/mentions.ts';
import { readRulesForm } from '../views/read-rules-form.ts';
import { type RulesDraft, type RulesField, toDraft, toRules } from '../views/rules-draft.ts';
import { groupOfField } from '../views/rules-groups.ts';
import {
  buildRulesModal,
  type RulesForm,
  type RulesMetadata,
  type ShownFields,
} from '../views/rules-modal.ts';
import { describePreview } from '../views/summarize-rules.ts';
import type { Outcome } from './answer-submission.ts';
import { applyChange, hashRules, type RulesChange } from './apply-change.ts';
import type { ChannelClick } from './channel-clicks.ts';
import { findManaged, goneNotice } from './managed-channel.ts';
import { updateModal } from './modals.ts';
import type { HomeServices, ViewsClient } from './services.ts';

export type RulesEdit = {
  client: ViewsClient;
  viewer: Viewer;
  view: ViewOutput;
  /** Slack's `action_ts`, in seconds; 0 if unknown. Requests of quick clicks can overtake each other. */
  clickedAt: number;
  change?: RulesChange;
};

const maxModals = 1000;

/** True for a field that was changed before the last click, which had all fields. */
function isOvertaken({ clickedAt, change }: RulesEdit, lastClick: number): boolean {
  return change === undefined && clickedAt > 0 && clickedAt < lastClick;
}

export type RulesEditor = ReturnType<typeof createRulesEditor>;

export function createRulesEditor(services: HomeServices) {
  const { channels, audit, settings, clock, logger } = services;
  const edits = createCoalescingQueue<RulesEdit>(
    scheduleNext,
    (error) => logger.error({ err: error }, 'the rules modal failed'),
    // A pending preset wins over a field that is changed meanwhile, since it replaces the field.
    (waiting, later) => {
      if (isOvertaken(later, waiting.clickedAt)) return waiting;
      return waiting.change === undefined || later.change !== undefined
        ? later
        : { ...later, change: waiting.change };
    },
  );
  // The fields that each modal was last given, while clicks in older ones may still come.
  const lastShown = new LRUCache<string, ShownFields>({ max: maxModals });
  const lastClicks = new LRUCache<string, number>({ max: maxModals });

  async function open(channel: Channel): Promise<ModalView> {
    const draft = toDraft(channel.rules, await usualTimeZone(channel));
    return buildRulesModal({
      ...(await formOf(channel, draft)),
      ...(await previewOf(channel, draft)),
    });
  }

  /** The most common zone of the workspace's channels; with the app's one scope, Slack does not say a person's. */
  async function usualTimeZone(channel: Channel): Promise<string | null> {
    if (channel.rules.timing !== 'at_once') return channel.rules.timing.timeZone;
    const counts = new Map<string, number>();
    for (const { rules } of await channels.listByTeam(channel.teamId))
      if (rules.timing !== 'at_once')
        counts.set(rules.timing.timeZone, (counts.get(rules.timing.timeZone) ?? 0) + 1);
    const [most] = [...counts].sort(([, one], [, other]) => other - one);
    return most?.[0] ?? null;
  }

  async function formOf(
    channel: Channel,
    draft: RulesDraft,
    { generation, group, groupChanges }: ShownFields = { generation: 0, group: 'hours', groupChanges: 0 },
  ): Promise<RulesForm> {
    const { _id: channelId, version, rules } = channel;
    return {
      channel: mentionChannel(channel),
      metadata: { channelId, version, base: hashRules(rules), generation, group, groupChanges },
      draft,
      ownerNames: await ownerNamesOf(channel, draft),
      preview: 'rules' in toRules(draft) ? copy.rules.previewPending : '',
      now: clock.now(),
    };
  }

  async function ownerNamesOf(
    { accountId }: Channel,
    { owners }: RulesDraft,
  ): Promise<ReadonlyMap<string, string>> {
    if (accountId === null || owners.length === 0) return new Map();
    return new Map((await services.owners.listSeen(accountId)).map(({ id, name }) => [id, name]));
  }

  async function scheduleNext(edit: RulesEdit): Promise<void> {
    const { client, viewer, view, clickedAt, change } = edit;
    const lastClick = lastClicks.get(view.id) ?? 0;
    if (isOvertaken(edit, lastClick)) return;
    lastClicks.set(view.id, Math.max(clickedAt, lastClick));
    const form = readRulesForm(view);
    const last = lastShown.get(view.id) ?? form.metadata;
    // The click was in fields that a preset has replaced.
    if (last.generation > form.metadata.generation) return;
    const { group, groupChanges } = last.groupChanges > form.metadata.groupChanges ? last : form.metadata;
    const metadata = { ...form.metadata, group, groupChanges };
    const found = await findManaged(channels, viewer, metadata.channelId);
    if ('refusal' in found) {
      await updateModal(client, logger, view, found.refusal);
      return;
    }
    const { channel } = found;
    const next = applyChange({ ...form, metadata }, channel, change);
    lastShown.set(view.id, next.metadata);
    const shown = { ...(await formOf(channel, next.draft)), metadata: next.metadata };
    // The click's hash is not used: of several quick clicks the latest counts, which is this one.
    const updated = await updateModal(client, logger, { id: view.id }, buildRulesModal(shown));
    if (updated === undefined) return;
    const preview = await previewOf(channel, next.draft);
    await updateModal(client, logger, updated, buildRulesModal({ ...shown, ...preview }));
  }

  async function previewOf(
    channel: Channel,
    draft: RulesDraft,
  ): Promise<Pick<RulesForm, 'preview' | 'examples'>> {
    if (channel.accountId === null) return { preview: copy.rules.previewWaiting };
    const result = toRules(draft);
    if ('errors' in result) return { preview: '' };
    try {
      return describePreview(await services.previewRules(channel, result.rules));
    } catch (error) {
      logger.error({ err: error }, 'a preview failed');
      return { preview: copy.rules.previewTrouble };
    }
  }

  async function whoChanged(channel: Channel): Promise<string> {
    const latest = await audit.listByChannel(channel, 20);
    const actor = latest.find(({ action }) => action === 'rules_changed')?.actor;
    if (actor?.kind === 'account') return copy.rules.perly;
    return mentionPeople(actor?.kind === 'user' ? [actor.userId] : []) || copy.rules.someone;
  }

  async function save({ viewer, channel }: ChannelClick, view: ViewOutput): Promise<Outcome> {
    const { draft, metadata } = readRulesForm(view);
    const result = toRules(draft);
    if ('rules' in result) return write(viewer, result.rules, draft, metadata);
    const fields = readFields(view);
    const errors = Object.entries(result.errors);
    const visible = errors.filter(([field]) => fields.has(field));
    if (visible.length === 0) {
      // Slack shows errors only at visible fields.
      const group = groupOfField[errors[0]?.[0] as RulesField] ?? metadata.group;
      const form = { ...(await formOf(channel, draft)), metadata: { ...metadata, group } };
      return { view: buildRulesModal(form) };
    }
    const { generation } = metadata;
    return {
      errors: Object.fromEntries(visible.map(([field, wrong]) => [fieldBlockId(field, generation), wrong])),
    };
  }

  async function write(
    viewer: Viewer,
    rules: Rules,
    draft: RulesDraft,
    metadata: RulesMetadata,
  ): Promise<Outcome> {
    const { channelId, version, base } = metadata;
    const saved = await settings.changeRules(channelId, version, rules, { kind: 'user', ...viewer });
    if (saved.kind === 'saved') return 'close';
    if (saved.kind === 'gone') return { view: goneNotice() };
    const { channel } = saved;
    // Something else changed, such as a pause: the rules are still those that were edited.
    if (hashRules(channel.rules) === base)
      return write(viewer, rules, draft, { ...metadata, version: channel.version });
    const conflict = { who: await whoChanged(channel), rules: channel.rules };
    const preview = await previewOf(channel, draft);
    const form = await formOf(channel, draft, { ...metadata, group: 'none' });
    return { view: buildRulesModal({ ...form, conflict, ...preview }) };
  }

  return {
    open,
    edit: (edit: RulesEdit) => edits.submit(edit.view.id, edit),
    /** Saves unless somebody else changed the rules: then both versions are shown. */
    save,
    stop: () => edits.idle(),
  };
}
