import type { App } from '@slack/bolt';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { RulesEditor } from '../../home/rules-editor.ts';
import { rulesCallbackId } from '../../views/rules-modal.ts';

/** Save in the modal of the rules. */
export function register(app: App, clicks: ChannelClicks, editor: RulesEditor): void {
  clicks.onSubmit(app, rulesCallbackId, editor.save);
}
