import type { App, ViewSubmitAction } from '@slack/bolt';
import type { MuteForm } from '../../mute-form.ts';
import { muteCallbackId } from '../../views/mute-modal.ts';

/** It was chosen for how long a customer is muted. */
export function register(app: App, muteForm: MuteForm): void {
  app.view<ViewSubmitAction>(muteCallbackId, ({ ack, body }) => muteForm.submit({ ack, body }));
}
