/**
 * Whether a conversation is a direct message with a person, a group or Slackbot. Slack's channel picker offers these
 * as well; Slack then names a person as `@name` and a group as `mpdm-a--b-1`.
 */
export function isDirectMessage({ slackChannelId, name }: { slackChannelId: string; name: string }): boolean {
  return slackChannelId.startsWith('D') || /^(@|#?mpdm-|directmessage$|slackbot$)/i.test(name);
}
