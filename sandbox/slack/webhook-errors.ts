/**
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors and
 * https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks; else as observed.
 */
export const webhookErrors = {
  invalid_payload: 400,
  user_not_found: 400,
  no_text: 400,
  too_many_attachments: 400,
  invalid_blocks: 400,
  invalid_attachments: 400,
  invalid_blocks_format: 400,
  invalid_attachments_format: 400,
  attachment_payload_limit_exceeded: 400,
  missing_text_or_fallback_or_attachments: 400,
  msg_too_long: 400,
  msg_blocks_too_long: 400,
  invalid_token: 403,
  action_prohibited: 403,
  posting_to_general_channel_denied: 403,
  team_disabled: 403,
  channel_not_found: 404,
  no_active_hooks: 404,
  no_service: 404,
  no_service_id: 404,
  no_team: 404,
  channel_is_archived: 410,
  rollup_error: 500,
} as const;

export type WebhookError = keyof typeof webhookErrors;
