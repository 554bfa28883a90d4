import { hash } from 'node:crypto';
import { presets } from '../../domain/presets.ts';
import { type Rules, rulesSchema } from '../../domain/rules.ts';
import type { Channel } from '../../store/channels/document.ts';
import { type RulesDraft, toDraft } from '../views/rules-draft.ts';
import type { RulesGroup } from '../views/rules-groups.ts';
import type { RulesMetadata } from '../views/rules-modal.ts';

export type RulesChange = { preset: string } | 'use_theirs' | { group: RulesGroup };

/** Fields with new values get a new generation. */
export function applyChange(
  { draft, metadata }: { draft: RulesDraft; metadata: RulesMetadata },
  channel: Channel,
  change: RulesChange | undefined,
): { draft: RulesDraft; metadata: RulesMetadata } {
  if (change === undefined) {
    const isNewTiming = draft.timing !== metadata.timing && draft.timing !== 'at_once';
    return { draft, metadata: isNewTiming ? withGroup(metadata, 'hours') : metadata };
  }
  const generation = metadata.generation + 1;
  if (change === 'use_theirs') {
    const { version, rules } = channel;
    return {
      draft: toDraft(rules, draft.hours.timeZone),
      metadata: { ...metadata, version, base: hashRules(rules), generation },
    };
  }
  if ('group' in change) return { draft, metadata: withGroup(metadata, change.group) };
  const preset = presets.find(({ id }) => id === change.preset);
  if (preset === undefined) return { draft, metadata };
  // Presets do not set quiet hours.
  const { eventTypes, riskThreshold, scoreDelta } = toDraft(preset.rules, null);
  return {
    draft: { ...draft, eventTypes, riskThreshold, scoreDelta },
    metadata: { ...metadata, generation },
  };
}

function withGroup(metadata: RulesMetadata, group: RulesGroup): RulesMetadata {
  return { ...metadata, group, groupChanges: metadata.groupChanges + 1 };
}

/** Independent of the order of fields, and short enough for a view's metadata. */
export function hashRules(rules: Rules): string {
  return hash('sha256', JSON.stringify(rulesSchema.parse(rules)), 'base64url');
}
