/**
 * A user's name as Slack shows it, from its id. What is not one is not mentioned: a mention made of anything else could
 * call a whole channel.
 */
export function mention(userId: string): string {
  return isUserId(userId) ? `<@${userId}>` : 'Someone';
}

/** Whether a text has the form of a Slack user's id. */
export function isUserId(text: string): boolean {
  return /^[UW][A-Z0-9]{2,30}$/.test(text);
}
