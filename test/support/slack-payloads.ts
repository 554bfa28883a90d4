/** A payload as Slack documents it. `used` are the paths that this app reads, with everything below them. */
export type DocumentedPayload = { name: string; isForm: boolean; payload: object; used: string[] };

const team = 'T0ACMECS001';
const dana = 'U0DANA00001';

const user = { id: dana, username: 'dana', name: 'dana', team_id: team };

const interaction = {
  api_app_id: 'A02',
  token: 'Shh_its_a_seekrit',
  team: { id: team, domain: 'acme', enterprise_id: 'E1', enterprise_name: 'Acme' },
  enterprise: null,
  is_enterprise_install: false,
  user,
};

const event = (inner: object) => ({
  token: 'XXYYZZ',
  team_id: team,
  enterprise_id: null,
  api_app_id: 'A02',
  context_team_id: team,
  context_enterprise_id: null,
  event: inner,
  type: 'event_callback',
  event_id: 'Ev0PV52K21',
  event_time: 1518467820,
  event_context: '4-eyJldCI6ImFwcF9ob21lX29wZW5lZCJ9',
  is_ext_shared_channel: false,
  authed_users: [dana],
  authorizations: [
    { enterprise_id: null, team_id: team, user_id: 'U0BOT', is_bot: true, is_enterprise_install: false },
  ],
});

const view = (callbackId: string) => ({
  id: 'VNHU13V36',
  team_id: team,
  type: 'modal',
  blocks: [{ type: 'input', block_id: 'x', element: { type: 'plain_text_input', action_id: 'y' } }],
  private_metadata: '{"channelId":"T0ACMECS001:C0NONE00001"}',
  callback_id: callbackId,
  state: { values: {} },
  hash: '156663117.cd33ad1f',
  title: { type: 'plain_text', text: 'Disconnect', emoji: true },
  close: { type: 'plain_text', text: 'Cancel', emoji: true },
  submit: { type: 'plain_text', text: 'Disconnect', emoji: true },
  clear_on_close: false,
  notify_on_close: false,
  root_view_id: 'VNHU13V36',
  previous_view_id: null,
  app_id: 'A02',
  app_installed_team_id: team,
  external_id: '',
  bot_id: 'B00',
});

/** Used in every interaction. */
const who = ['type', 'user', 'user.id', 'user.team_id', 'team', 'team.id'];

/**
 * https://docs.slack.dev/reference/interaction-payloads, https://docs.slack.dev/reference/events and
 * https://docs.slack.dev/apis/events-api, with ids of the local Slack.
 */
export const documentedPayloads: readonly DocumentedPayload[] = [
  {
    name: 'url_verification',
    isForm: false,
    payload: {
      token: 'Jhj5dZrVaK7ZwHHjRyZWjbDl',
      challenge: '3eZbrw1aBm2rZgRNFdxV2595',
      type: 'url_verification',
    },
    used: ['type', 'challenge'],
  },
  {
    name: 'app_home_opened',
    isForm: false,
    payload: event({
      type: 'app_home_opened',
      user: dana,
      channel: 'D0LAN2Q65',
      event_ts: '1515449522000016',
      tab: 'messages',
      view: view(''),
    }),
    used: ['type', 'team_id', 'event', 'event.type', 'event.user'],
  },
  {
    name: 'app_uninstalled',
    isForm: false,
    payload: event({ type: 'app_uninstalled' }),
    used: ['type', 'team_id', 'event', 'event.type'],
  },
  {
    name: 'tokens_revoked',
    isForm: false,
    payload: event({ type: 'tokens_revoked', tokens: { oauth: [dana], bot: [] } }),
    used: ['type', 'team_id', 'event', 'event.type', 'event.tokens', 'event.tokens.bot'],
  },
  {
    name: 'block_actions in a message',
    isForm: true,
    payload: {
      type: 'block_actions',
      ...interaction,
      container: {
        type: 'message_attachment',
        message_ts: '1548261231.000200',
        attachment_id: 1,
        channel_id: 'C0HEALTH001',
        is_ephemeral: false,
        is_app_unfurl: false,
      },
      trigger_id: '12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3',
      channel: { id: 'C0HEALTH001', name: 'customer-health' },
      message: {
        type: 'message',
        subtype: 'bot_message',
        bot_id: 'BAH5CA16Z',
        text: 'x',
        ts: '1548261231.000200',
      },
      state: { values: {} },
      response_url: 'https://hooks.slack.com/actions/AABA1ABCD/1232321423432/D09sSasdasdAS9091209',
      actions: [
        {
          type: 'button',
          action_id: 'open_in_perly',
          block_id: '=qXel',
          text: { type: 'plain_text', text: 'View', emoji: true },
          value: 'click_me_123',
          style: 'primary',
          action_ts: '1548426417.840180',
        },
      ],
    },
    used: [
      ...who,
      'response_url',
      'actions',
      'actions.0',
      'actions.0.action_id',
      'actions.0.block_id',
      'actions.0.value',
    ],
  },
  {
    name: 'block_actions in Home',
    isForm: true,
    payload: {
      type: 'block_actions',
      ...interaction,
      container: { type: 'view', view_id: 'VNHU13V36' },
      trigger_id: '12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3',
      view: view('home'),
      actions: [
        {
          type: 'button',
          action_id: 'link_docs',
          block_id: 'b',
          text: { type: 'plain_text', text: 'Go', emoji: true },
          action_ts: '1548426417.840180',
        },
      ],
    },
    used: [...who, 'actions', 'actions.0', 'actions.0.action_id', 'actions.0.block_id'],
  },
  {
    name: 'block_suggestion',
    isForm: true,
    payload: {
      type: 'block_suggestion',
      ...interaction,
      container: { type: 'view', view_id: 'VNHU13V36' },
      action_id: 'rules_time_zone',
      block_id: 'x',
      value: 'ber',
      view: view('rules'),
    },
    used: [...who, 'action_id', 'value'],
  },
  {
    name: 'view_submission',
    isForm: true,
    payload: {
      type: 'view_submission',
      ...interaction,
      trigger_id: '12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3',
      view: view('disconnect'),
      response_urls: [],
    },
    used: [
      ...who,
      'view',
      'view.id',
      'view.callback_id',
      'view.private_metadata',
      'view.state',
      'view.state.values',
    ],
  },
];
