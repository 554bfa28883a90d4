import { presets } from '../../domain/presets.ts';
import type { Channel } from '../../store/channels/document.ts';
import { type RulesDraft, toDraft } from '../views/rules-draft.ts';
import type { RulesMetadata } from '../views/rules-modal.ts';

/** What a click does to the rules' form beyond what its fields say: a preset, or the rules that somebody else saved. */
export type RulesChange = { preset: string } | 'use_theirs';

/** A form after a change: fields that get new values are of a new generation. */
export function applyChange(
  { draft, metadata }: { draft: RulesDraft; metadata: RulesMetadata },
  channel: Channel,
  change: RulesChange | undefined,
): { draft: RulesDraft; metadata: RulesMetadata } {
  if (change === undefined) return { draft, metadata };
  const generation = metadata.generation + 1;
  if (change === 'use_theirs') {
    const { version, rules: base } = channel;
    return {
      draft: toDraft(base, draft.hours.timeZone),
      metadata: { ...metadata, version, base, generation },
    };
  }
  const preset = presets.find(({ id }) => id === change.preset);
  if (preset === undefined) return { draft, metadata };
  // A preset says what comes, not when.
  const { eventTypes, riskThreshold, scoreDelta } = toDraft(preset.rules, null);
  return {
    draft: { ...draft, eventTypes, riskThreshold, scoreDelta },
    metadata: { ...metadata, generation },
  };
}
