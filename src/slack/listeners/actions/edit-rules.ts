import type { App } from '@slack/bolt';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { RulesEditor } from '../../home/rules-editor.ts';
import { actionIds } from '../../views/action-ids.ts';
import { copy } from '../../views/copy.ts';

/** "Edit rules" of a channel. */
export function register(app: App, clicks: ChannelClicks, editor: RulesEditor): void {
  clicks.onButton(app, actionIds.editRules, copy.rules.title, ({ channel }) => editor.open(channel));
}
