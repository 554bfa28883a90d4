import type { App } from '@slack/bolt';
import { answerSubmission, type Outcome } from '../../home/answer-submission.ts';
import { goneNotice } from '../../home/managed-channel.ts';
import type { RulesEditor, SaveResult } from '../../home/rules-editor.ts';
import type { HomeServices } from '../../home/services.ts';
import { viewerOf } from '../../home/viewer-of.ts';
import { fieldBlockId } from '../../views/inputs.ts';
import { rulesCallbackId } from '../../views/rules-modal.ts';

/** Save in the modal of the rules. */
export function register(app: App, { clock, logger }: HomeServices, editor: RulesEditor): void {
  app.view(rulesCallbackId, async ({ ack, body, view, client }) => {
    await answerSubmission({ ack, client, view, clock, logger }, async () => {
      const viewer = viewerOf(body);
      return viewer === undefined ? { view: goneNotice() } : toOutcome(await editor.save(viewer, view));
    });
  });
}

function toOutcome(result: SaveResult): Outcome {
  if (result.kind === 'saved') return 'close';
  if (result.kind === 'show') return { view: result.view };
  const errors = Object.entries(result.errors).map(([field, words]) => [
    fieldBlockId(field, result.generation),
    words,
  ]);
  return { errors: Object.fromEntries(errors) };
}
