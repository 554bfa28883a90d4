import type { Preview, PreviewExample } from '../../channels/preview.ts';
import { eventTypeNames } from '../../domain/vocabulary.ts';
import { customerName } from '../../messages/alert-lines.ts';
import { isolate } from '../../messages/block-kit/clean.ts';
import { copy } from './copy.ts';
import type { RulesForm } from './rules-modal.ts';

const text = copy.rules;

const maxNameLength = 40;

export function describePreview(preview: Preview): Pick<RulesForm, 'preview' | 'examples'> {
  const { sent, held, keptBack, latestSent, latestKeptBack } = preview;
  if (sent + held + keptBack === 0) return { preview: text.previewEmpty };
  const sentLast = latestSent.map((one) => describe(one, one.isHeld ? text.previewHeld : ''));
  const keptLast = latestKeptBack.map((one) => describe(one, text.previewReasons[one.reason]));
  return {
    preview: text.preview(sent, held, keptBack),
    examples: [
      ...(sentLast.length === 0 ? [] : [text.previewSent(sentLast.join(' · '))]),
      ...(keptLast.length === 0 ? [] : [text.previewKeptBack(keptLast.join(' · '))]),
    ],
  };
}

function describe(example: PreviewExample, note: string): string {
  const name = isolate(customerName(example, maxNameLength));
  return `${name} — ${eventTypeNames[example.type]}${note === '' ? '' : ` (${note})`}`;
}
