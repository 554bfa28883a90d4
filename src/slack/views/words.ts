/**
 * Every text of the App Home and its modals, in one table. Texts that take arguments are mrkdwn, and their arguments
 * come escaped; the rest is plain text unless it says otherwise. A title and a button in a modal take 24 characters.
 */
export const words = {
  andMore: (shown: string, more: number) => `${shown} and ${more} more`,

  home: {
    title: 'Perly alerts',
    intro: 'Perly tells these channels about your customers. Each channel has its own rules.',
    introEmpty:
      'Perly watches the health of your customers and tells your team in Slack: customers at risk, health score drops, failed billing retries, expansion signals and upsell opportunities.',
    empty:
      '*No channel is connected yet.*\nPick a channel, and its alerts start at once. You choose which alerts it gets, and when.',
    addChannel: 'Add channel',
    addFirstChannel: 'Connect a channel',
    waiting: (count: number) =>
      `*One step is left.* ${count === 1 ? 'A channel waits' : `${count} channels wait`} for your Perly account. Link it, and alerts start at once.`,
    linkAccount: 'Link Perly account',
    broken: (count: number) =>
      `⚠️ *${count === 1 ? 'A channel is' : `${count} channels are`} broken.* Slack does not take alerts for ${count === 1 ? 'it' : 'them'}. They are kept for 72 hours, and come as one digest after you reconnect.`,
    page: (first: number, last: number, total: number) => `Channels ${first}–${last} of ${total}`,
    previous: 'Previous',
    next: 'Next',
    foot: (documentation: string, support: string) =>
      `${documentation} · ${support} · Perly posts to the channels that you pick. It reads no messages.`,
    documentation: 'How it works',
    support: 'Get help',
    trouble:
      '*We cannot show your channels just now.*\nAlerts still arrive. Open this tab again in a minute; if it stays like this, get help below.',
  },

  card: {
    place: (index: number, total: number) => `channel ${index} of ${total}`,
    active: '🟢 Active',
    pausedUntil: (time: string) => `⏸️ Paused until ${time}`,
    pausedUntilResumed: '⏸️ Paused until someone resumes it',
    broken: (reason: string) => `⚠️ Broken: ${reason}`,
    waiting: '⏳ Waits for a Perly account',
    lastAlert: (time: string) => `last alert ${time}`,
    noAlert: 'no alert in the last 30 days',
    held: (count: string, time: string) => `${count} held for the digest of ${time}`,
    heldWhileBroken: (count: string) => `${count} held until it is back`,
    failed: (count: string) => `${count} failed, see Activity`,
    managedBy: (people: string) => `Managed by ${people}`,
    managedByNobody: 'Managed in Perly',
    editRules: 'Edit rules',
    activity: 'Activity',
    resume: 'Resume',
    reconnect: 'Reconnect',
    testAlert: 'Send a test alert',
    pause: 'Pause',
    managers: 'Who can manage',
    move: 'Move to another channel',
    disconnect: 'Disconnect',
  },
} as const;
