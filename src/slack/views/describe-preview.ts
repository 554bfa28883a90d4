import type { Preview, PreviewExample } from '../../channels/preview.ts';
import { eventTypeNames } from '../../domain/vocabulary.ts';
import { customerName } from '../../messages/alert-lines.ts';
import { isolate } from '../../messages/block-kit/clean.ts';
import { copy } from './copy.ts';
import type { RulesForm } from './rules-modal.ts';

const text = copy.rules;

const maxNameLength = 40;

export function describePreview(preview: Preview): Pick<RulesForm, 'preview' | 'examples'> {
  const { sent, held, suppressed, latestSent, latestSuppressed } = preview;
  if (sent + held + suppressed === 0) return { preview: text.previewEmpty };
  const sentLast = latestSent.map((one) => describe(one, one.isHeld ? text.previewHeld : ''));
  const lastSuppressed = latestSuppressed.map((one) => describe(one, text.previewReasons[one.reason]));
  return {
    preview: text.preview(sent, held, suppressed),
    examples: [
      ...(sentLast.length === 0 ? [] : [text.previewSent(sentLast.join(' · '))]),
      ...(lastSuppressed.length === 0 ? [] : [text.previewSuppressed(lastSuppressed.join(' · '))]),
    ],
  };
}

function describe(example: PreviewExample, note: string): string {
  const name = isolate(customerName(example, maxNameLength));
  return `${name} — ${eventTypeNames[example.type]}${note === '' ? '' : ` (${note})`}`;
}
