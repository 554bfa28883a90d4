import type { App, BlockAction, BlockButtonAction } from '@slack/bolt';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { RulesEdit, RulesEditor } from '../../home/rules-editor.ts';
import type { HomeServices } from '../../home/services.ts';
import { personOfView } from '../../home/view-person.ts';
import { actionIds } from '../../views/action-ids.ts';
import { copy } from '../../views/copy.ts';
import { groupActionIds, rulesGroups } from '../../views/rules-groups.ts';

export function register(
  app: App,
  clicks: ChannelClicks,
  services: Pick<HomeServices, 'people' | 'clientOf'>,
  editor: RulesEditor,
): void {
  const edit = async (body: BlockAction, change?: RulesEdit['change']): Promise<void> => {
    const person = await personOfView(services, body);
    if (person === undefined || body.view === undefined) return;
    const clickedAt = Number(body.actions[0]?.action_ts) || 0;
    await editor.edit({ ...person, view: body.view, clickedAt, ...(change !== undefined && { change }) });
  };

  clicks.onButton(app, actionIds.editRules, copy.rules.title, ({ channel }) => editor.open(channel));

  for (const id of [actionIds.rulesField, actionIds.timeZone, actionIds.calendar, actionIds.rulesOwners])
    app.action<BlockAction>(id, async ({ ack, body }) => {
      await ack();
      await edit(body);
    });

  app.action<BlockButtonAction>(new RegExp(`^${actionIds.presetPrefix}`), async (args) => {
    await args.ack();
    await edit(args.body, { preset: args.action.value ?? '' });
  });

  for (const group of rulesGroups)
    app.action<BlockButtonAction>(groupActionIds[group], async ({ ack, body }) => {
      await ack();
      await edit(body, { group });
    });

  app.action<BlockButtonAction>(actionIds.useTheirs, async ({ ack, body }) => {
    await ack();
    await edit(body, 'use_theirs');
  });
}
