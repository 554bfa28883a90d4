/**
 * Whether a conversation is a direct message: with a person, with a group of people, or with Slackbot. Slack's picker
 * offers these beside the channels. Its answer names a person as `@name`, and a group as `mpdm-a--b-1`.
 */
export function isDirectMessage({ slackChannelId, name }: { slackChannelId: string; name: string }): boolean {
  return slackChannelId.startsWith('D') || /^(@|#?mpdm-|directmessage$|slackbot$)/i.test(name);
}
