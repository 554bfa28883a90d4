import type { App, BlockAction, BlockButtonAction } from '@slack/bolt';
import type { RulesEdit, RulesEditor } from '../../home/rules-editor.ts';
import { viewerOf } from '../../home/viewer-of.ts';
import { actionIds } from '../../views/action-ids.ts';

/** Whatever is changed in the open modal of the rules: a field, a preset, or giving way to somebody else's rules. */
export function register(app: App, editor: RulesEditor): void {
  const edit = async (
    { body, client }: { body: BlockAction; client: RulesEdit['client'] },
    change?: RulesEdit['change'],
  ): Promise<void> => {
    const viewer = viewerOf(body);
    if (viewer === undefined || body.view === undefined) return;
    await editor.edit({ client, viewer, view: body.view, ...(change !== undefined && { change }) });
  };

  for (const id of [actionIds.rulesField, actionIds.timeZone])
    app.action<BlockAction>(id, async ({ ack, body, client }) => {
      await ack();
      await edit({ body, client });
    });

  app.action<BlockButtonAction>(new RegExp(`^${actionIds.presetPrefix}`), async (args) => {
    await args.ack();
    await edit(args, { preset: args.action.value ?? '' });
  });

  app.action<BlockButtonAction>(actionIds.useTheirs, async ({ ack, body, client }) => {
    await ack();
    await edit({ body, client }, 'use_theirs');
  });
}
