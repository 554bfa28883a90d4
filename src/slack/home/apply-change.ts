import { hash } from 'node:crypto';
import { presets } from '../../domain/presets.ts';
import { type Rules, rulesSchema } from '../../domain/rules.ts';
import type { Channel } from '../../store/channels/document.ts';
import { type RulesDraft, toDraft, toRules } from '../views/rules-draft.ts';
import type { RulesMetadata } from '../views/rules-modal.ts';

export type RulesChange = { preset: string } | 'use_theirs' | 'more_or_fewer' | 'rare_or_not';

/** Fields with new values get a new generation. */
export function applyChange(
  { draft, metadata }: { draft: RulesDraft; metadata: RulesMetadata },
  channel: Channel,
  change: RulesChange | undefined,
): { draft: RulesDraft; metadata: RulesMetadata } {
  if (change === undefined) return { draft, metadata };
  if (change === 'more_or_fewer') {
    // Errors can only be shown at visible fields.
    const more = !metadata.more || 'errors' in toRules(draft);
    return { draft, metadata: { ...metadata, more } };
  }
  if (change === 'rare_or_not') {
    const rare = !metadata.rare || draft.owners.length > 0;
    return { draft, metadata: { ...metadata, rare } };
  }
  const generation = metadata.generation + 1;
  if (change === 'use_theirs') {
    const { version, rules } = channel;
    const theirs = toDraft(rules, draft.hours.timeZone);
    const rare = metadata.rare || theirs.owners.length > 0;
    return {
      draft: theirs,
      metadata: { ...metadata, version, base: hashRules(rules), generation, rare },
    };
  }
  const preset = presets.find(({ id }) => id === change.preset);
  if (preset === undefined) return { draft, metadata };
  // Presets do not set quiet hours.
  const { eventTypes, riskThreshold, scoreDelta } = toDraft(preset.rules, null);
  return {
    draft: { ...draft, eventTypes, riskThreshold, scoreDelta },
    metadata: { ...metadata, generation },
  };
}

/** Independent of the order of fields, and short enough for a view's metadata. */
export function hashRules(rules: Rules): string {
  return hash('sha256', JSON.stringify(rulesSchema.parse(rules)), 'base64url');
}
