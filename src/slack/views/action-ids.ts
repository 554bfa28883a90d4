/** The `action_id`s of Home and its modals. Those of links start with `link_`, and only have to be acknowledged. */
export const actionIds = {
  linkAddChannel: 'link_add_channel',
  addChannel: 'home_add_channel',
  linkAccount: 'home_link_account',
  linkToPerly: 'link_to_perly',
  confirmLink: 'home_confirm_link',
  cancelLink: 'home_cancel_link',
  linkManage: 'link_manage',
  linkReconnect: 'link_reconnect',
  previousPage: 'home_page_previous',
  nextPage: 'home_page_next',
  editRules: 'channel_edit_rules',
  activity: 'channel_activity',
  pause: 'channel_pause',
  resume: 'channel_resume',
  menu: 'channel_menu',
  presetPrefix: 'rules_preset_',
  useTheirs: 'rules_use_theirs',
  rulesField: 'rules_field',
  rulesOwners: 'rules_owners',
  rulesHours: 'rules_hours',
  rulesHolidays: 'rules_more',
  rulesRare: 'rules_rare',
  timeZone: 'rules_time_zone',
  calendar: 'rules_holidays',
  people: 'home_people',
  ownerUser: 'people_user',
  removeOwnerUser: 'people_remove',
  peoplePrevious: 'people_previous',
  peopleNext: 'people_next',
  managersField: 'managers_field',
  externalField: 'managers_external',
  pauseChoice: 'pause_choice',
  muteChoice: 'mute_choice',
  muteUntil: 'mute_until',
  muteReason: 'mute_reason',
  activityOutcome: 'activity_outcome',
  activityCustomer: 'activity_customer',
  activityOlder: 'activity_older',
  activityLatest: 'activity_latest',
  retry: 'activity_retry',
  unmute: 'muted_unmute',
  previousMuted: 'muted_page_previous',
  nextMuted: 'muted_page_next',
} as const;

const channelPrefix = 'channel ';

export function channelBlockId(channelId: string): string {
  return `${channelPrefix}${channelId}`;
}

export function channelOfBlock(blockId: string): string {
  return blockId.slice(channelPrefix.length);
}
