import { expect, test } from 'vitest';
import {
  actions,
  address,
  beside,
  input,
  list,
  mrkdwn,
  option,
  plain,
  section,
  select,
} from './block-kit.ts';
import { connectedWebhook } from './connected-webhook.ts';

const say = connectedWebhook();

test('blocks of every known kind are accepted', async () => {
  const blocks = [
    section({ expand: true, fields: [plain('a'), mrkdwn('b')] }),
    beside({ type: 'image', image_url: address(30), alt_text: 'a' }),
    beside(select({ initial_option: option(0), focus_on_load: true })),
    beside({ type: 'external_select', min_query_length: 0 }),
    beside({
      type: 'multi_static_select',
      options: list(3, option),
      initial_options: [option(2)],
      max_selected_items: 2,
    }),
    actions(
      { type: 'users_select' },
      { type: 'channels_select' },
      { type: 'conversations_select', filter: { include: ['public'] } },
    ),
    actions(
      { type: 'datepicker', initial_date: '2026-02-03' },
      { type: 'timepicker', initial_time: '09:00', timezone: 'Asia/Kolkata' },
    ),
    actions({ type: 'datetimepicker', initial_date_time: 1_700_000_000 }),
    input({
      type: 'number_input',
      is_decimal_allowed: false,
      min_value: '0',
      max_value: '100',
      initial_value: '15',
    }),
    input({ type: 'email_text_input' }, { dispatch_action: true, optional: true }),
    input({ type: 'url_text_input', dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] } }),
    {
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: [{ type: 'text', text: 'a', style: { bold: true } }] },
      ],
    },
  ];
  expect(await say({ text: 'a', blocks, unfurl_links: false, unfurl_media: false })).toEqual({
    body: 'ok',
    problems: [],
  });
});
