import { rulesCopy } from './rules-copy.ts';

/**
 * Texts with arguments are mrkdwn and take escaped arguments, unless they say so. Slack allows 24 characters in a
 * modal's title and buttons.
 */
export const copy = {
  privateConversation: 'a private conversation',
  andMore: (shown: string, more: number) => `${shown} and ${more} more`,

  home: {
    title: 'Perly alerts',
    intro: 'Perly sends customer alerts to these channels. Each channel has its own rules.',
    introEmpty:
      'Perly watches the health of your customers and alerts your team in Slack: customers at risk, health score drops, failed billing retries, expansion signals and upsell opportunities.',
    empty:
      '*No channels are connected yet.*\nChoose a channel to start its alerts. You decide which alerts it gets, and when.',
    addChannel: 'Add channel',
    addFirstChannel: 'Connect a channel',
    /** Follows the account's name. */
    introNamed: ' on Perly sends customer alerts to these channels. Each channel has its own rules.',
    /** Plain text. */
    emptyNamed: (account: string) => `Channels that you connect here get the alerts of ${account} on Perly.`,
    introSeveral: (count: string) =>
      `${count} Perly accounts send customer alerts to these channels. Each channel serves one account and has its own rules.`,
    waiting: (count: number) =>
      `*One step left.* ${count === 1 ? 'One of your channels is' : `${count} of your channels are`} waiting for a Perly account. Link it to start alerts.`,
    linkAccount: 'Link Perly account',
    broken: (count: number) =>
      `⚠️ *Alerts are not reaching ${count === 1 ? 'a channel' : `${count} channels`}.* They are kept, and sent as one digest after you reconnect.`,
    people: (count: number, unknown: number) =>
      unknown === 0
        ? `*People* · Alerts can mention ${count === 1 ? 'the owner' : `all ${count} owners`} of your customers.`
        : `*People* · ${unknown === 1 ? 'One owner of your customers has' : `${unknown} owners of your customers have`} no Slack user yet, so alerts cannot mention them.`,
    peopleButton: 'People',
    page: (first: number, last: number, total: number) => `Channels ${first}–${last} of ${total}`,
    previous: 'Previous',
    next: 'Next',
    footer: (...links: string[]) =>
      `${links.join(' · ')} · Perly posts to the channels that you choose. It reads no messages.`,
    about: 'How it works',
    support: 'Get help',
    privacy: 'Privacy',
    trouble:
      '*Your channels cannot be shown right now.*\nAlerts still arrive. Open this tab again in a minute. If that does not help, use the help link below.',
  },

  card: {
    place: (index: number, total: number) => `channel ${index} of ${total}`,
    /** Plain text. */
    serves: (account: string) => `for ${account}`,
    active: '🟢 Active',
    pausedUntil: (time: string) => `⏸️ Paused until ${time}`,
    pausedUntilResumed: '⏸️ Paused until someone resumes it',
    trouble: (time: string, reason: string) =>
      `🟠 Slack has not been taking alerts since ${time}: ${reason}. Perly keeps trying`,
    failing: '🟠 The latest alert failed',
    broken: (reason: string) => `⚠️ Broken: ${reason}`,
    waiting: '⏳ Waiting for a Perly account',
    unreadable: '⚠️ Alerts are on hold: the webhook cannot be read. Reconnect the channel',
    lastAlert: (time: string) => `last alert: ${time}`,
    noAlert: 'no alert in the last 30 days',
    noAlertYet: 'no alert yet',
    silent:
      'Perly has sent no event for this channel yet. Check in Perly that its alerts are turned on and that this is the right account; *Send a test alert* in the menu shows that the channel works.',
    held: (count: string, time: string) => `${count} held for the digest: ${time}`,
    heldWhileBroken: (count: string) => `${count} held until the channel works again`,
    failed: (count: string) => `${count} failed, see Activity`,
    expired: (count: string) => `${count} could not be sent`,
    external: (time: string) => `🌐 shared with another organisation (seen: ${time})`,
    managedBy: (people: string) => `Managed by ${people}`,
    managedByNobody: 'Managed in Perly',
    editRules: 'Edit rules',
    activity: 'Activity',
    resume: 'Resume',
    reconnect: 'Reconnect',
    testAlert: 'Send a test alert',
    pause: 'Pause',
    muted: 'Muted customers',
    managers: 'Who can manage',
    move: 'Move to another channel',
    manage: 'Manage in Slack',
    disconnect: 'Disconnect',
  },

  modal: {
    cancel: 'Cancel',
    close: 'Close',
    save: 'Save',
    loading: 'One moment…',
    problemTitle: 'Perly alerts',
    gone: '*This channel is no longer connected.*\nTo connect it again, choose *Add channel* in Home.',
    forbidden: (people: string) =>
      `*Only its managers can change this channel.*\n${people} can add you, in Home under *Who can manage*.`,
    forbiddenOutside:
      '*Only people of this workspace can change its channels.*\nYou are signed in from another organisation.',
    forbiddenByPerly: '*This channel is managed in Perly.*\nAsk whoever manages Perly at your company.',
    trouble:
      '*That did not work.*\nNothing was lost: alerts still arrive. Close this window and try again in a minute.',
    saving:
      'This is taking longer than usual. Home shows the change once it is saved. You can close this window.',
    saved: '*Saved.*\nHome shows the change.',
    notSaved: '*Not saved.*\nClose this window and try again in a minute.',
  },

  rules: rulesCopy,

  linkAccount: {
    title: 'Link Perly account',
    about:
      'Continue in your browser: sign in to your company’s Perly account and approve the link. Then return to this Home to confirm it.\nThe button works once, within ten minutes.',
    go: 'Continue in Perly',
    forward:
      '*Send this to your Perly admin*\nIf you cannot sign in to Perly yourself, copy this link and send it. It works once, within a week. Then confirm in this Home.',
    /** Plain text. */
    question: (account: string) => `Link this workspace to the Perly account of ${account}?`,
    questionHint:
      'The channels that you manage and that wait for an account then get alerts about its customers. Confirm only if you, or the person you sent the link to, chose this account in Perly.',
    confirm: 'Link account',
    cancel: 'Cancel',
    /** Plain text. */
    linked: (account: string) => `Linked to ${account}.`,
    alertsOn: (channels: string) => `Alerts are on in ${channels}.`,
    alertsPaused: (channels: string) => `Alerts are paused in ${channels}.`,
    alertsRefused: (channels: string) =>
      `Slack takes no alerts in ${channels}. See Perly’s Home for the reason.`,
    nothingWaits:
      '*None of your channels is waiting for a Perly account.*\nNothing was linked. Only channels that you manage and that have no account yet can be linked.',
    expired:
      '*This question is no longer valid.*\nNothing was linked by it. It can be answered once, and not for long. To begin again, press *Link Perly account* in Home.',
  },

  addChannel: {
    title: 'Add channel',
    about: 'This workspace has several Perly accounts. Which one is the channel for?',
    pick: 'Choose a channel',
    pickLabel: (account: string) => `Choose a channel for ${account}`,
  },

  pause: {
    title: 'Pause alerts',
    submit: 'Pause',
    about: (channel: string) =>
      `How long should alerts in ${channel} be paused? Alerts during the pause are not sent later, but Activity lists them. Alerts that are already held are still sent.`,
    label: 'Pause',
    choices: {
      hour: 'For 1 hour',
      tomorrow: 'Until tomorrow',
      until_resumed: 'Until someone resumes it',
    },
    ends: (hour: string, tomorrow: string) => `For 1 hour: ${hour} · Until tomorrow: ${tomorrow}`,
  },

  mute: {
    title: 'Mute customer',
    submit: 'Mute',
    /** Plain text. */
    question: (customer: string) => `Mute ${customer}?`,
    about: (channel: string) =>
      `While muted, ${channel} gets no alerts about this customer, not even critical ones. To undo this, choose Unmute in the alert, or Muted customers in the channel’s menu in Home.`,
    already: (time: string) => `Already muted until ${time}. A shorter time changes nothing.`,
    label: 'For how long',
    periods: { day: '1 day', week: '1 week', month: '1 month', date: 'Until a date…' },
    untilLabel: 'Until',
    untilHint: 'In your time zone.',
    noDate: 'Choose a date and a time.',
    past: 'Choose a time in the future.',
    reasonLabel: 'Reason',
    reasonHint: 'Shown in the alert and in the list of muted customers.',
  },

  muted: {
    title: 'Muted customers',
    about: (channel: string) =>
      `${channel} gets no alerts about these customers. What came while they were muted is not sent later.`,
    none: (channel: string) =>
      `No customer is muted in ${channel}. To mute one, choose *Mute customer…* in an alert.`,
    until: (time: string, who: string) => `Until ${time}, by ${who}`,
    byPerly: 'Perly',
    unmute: 'Unmute',
    unmuteLabel: (customer: string) => `Unmute ${customer}`,
    page: (first: number, last: number, total: number) => `Customers ${first}–${last} of ${total}`,
    previous: 'Previous',
    next: 'Next',
  },

  people: {
    title: 'People',
    about:
      'Who looks after your customers. Choose the Slack user of each owner, and alerts about their customers mention them, if the channel’s rules say so. Others appear by name.',
    empty: 'No owners yet. People appear here once Perly names an owner with an alert.',
    nobody: 'No Slack user',
    choose: 'Choose a person',
    remove: 'Remove',
    removeLabel: (owner: string) => `Remove the Slack user of ${owner}`,
    page: (first: number, last: number, total: number) => `Owners ${first}–${last} of ${total}`,
  },

  managers: {
    title: 'Who can manage',
    about: (channel: string) =>
      `Managers can change the rules of ${channel}, pause it, move it and disconnect it. Everyone else can see the channel and its rules.`,
    label: 'Managers',
    people: 'These people',
    everyone: 'Everyone in this workspace',
    peopleLabel: 'People',
    peoplePlaceholder: 'Choose people',
    nobody: 'Choose at least one person, or everyone.',
    externalLabel: 'Shared channels',
    external: 'People from other organisations can acknowledge alerts',
    externalMeaning: 'In channels that Slack shares with them. They can read alerts anyway.',
  },

  disconnect: {
    title: 'Disconnect channel',
    submit: 'Disconnect',
    about: (channel: string) => `*Disconnect ${channel}?* It will get no more alerts from Perly.`,
    goes: (things: string) => `*Deleted:* ${things}.`,
    connection: 'the connection',
    mutes: 'the list of muted customers',
    held: (count: string) => `the alerts held for the next digest (${count})`,
    waiting: 'the alerts that are waiting to be sent',
    stays: '*Kept:* the rules, for 13 days. Connect the channel again within that time to restore them.',
    remains:
      '*Left in Slack:* the webhook that Slack created for this channel, until someone removes it there. Perly no longer posts to it.',
  },

  testAlert: {
    title: 'Test alert',
    sent: (channel: string) => `✅ *A test alert was sent to ${channel}.*`,
    sentHint: 'It is about a customer that does not exist, and ignores the rules.',
    broken: (channel: string, reason: string) => `⚠️ *Alerts are not reaching ${channel}.*\n${reason}`,
    brokenHint: 'Reconnect the channel to get alerts again. Those that it missed are sent as one digest.',
    unreadable: 'The webhook cannot be read, so alerts are on hold. Reconnect the channel to get them.',
    lost: (channel: string) =>
      `*Slack did not confirm the test alert to ${channel}.*\nIt may have arrived: look in the channel. If it is not there, try again in a minute.`,
    failed: (channel: string) =>
      `*The test alert did not reach ${channel}.*\nSlack did not answer as expected. Try again in a minute.`,
    busy: (channel: string) =>
      `*The test alert was not sent: other messages to ${channel} are on their way.*\nSlack accepts one message per second for a channel. Try again in a minute.`,
    waits: (channel: string, time: string) =>
      `*The test alert was not sent to ${channel}.*\nSlack asked Perly to wait until ${time}. Alerts that are due wait, too.`,
  },

  activity: {
    title: 'Activity',
    about: (channel: string) => `Recent events for ${channel}, and what happened to them.`,
    outcomePlaceholder: 'Show',
    outcomes: {
      all: 'All outcomes',
      sent: 'Sent',
      held: 'Held',
      suppressed: 'Suppressed',
      failed: 'Failed',
    },
    customerPlaceholder: 'Customer',
    allCustomers: 'All customers',
    unnamed: 'Unnamed customer',
    older: 'Older',
    latest: 'Latest',
    noneMatch: 'Nothing like this in the last 30 days.',
    noneSoFar: 'Nothing like this among the events looked through so far. *Older* looks further.',
    empty: 'Nothing yet. Events of the last 30 days appear here, including those that the rules suppressed.',
    emptyWaiting: 'Nothing yet: the channel waits for a Perly account. Link it in Home.',
    retry: 'Retry',
    retryLabel: (customer: string) => `Retry ${customer}`,
    received: (time: string) => `received: ${time}`,
    sent: (time: string) => `✅ Sent: ${time}`,
    sentInDigest: (time: string) => `✅ Sent with the digest: ${time}`,
    acknowledged: (who: string) => `acknowledged by ${who}`,
    reminded: (time: string) => `reminder: ${time}`,
    undone: (who: string) => `acknowledgement undone by ${who}`,
    pending: '📨 On its way',
    pendingAgain: (time: string, reason: string) => `📨 Next attempt: ${time}; last error: ${reason}`,
    waits: (time: string) => `📨 Slack asked to wait. Next attempt: ${time}`,
    unreadable: '⚠️ On hold: the webhook cannot be read. Reconnect the channel',
    held: (time: string) => `🌙 Held for the digest: ${time}`,
    heldWhileBroken: '⚠️ Held until the channel works again',
    failed: (reason: string) => `❌ Failed: ${reason}`,
    failedPlainly: '❌ Failed',
    suppressed: (reason: string) => `Suppressed: ${reason}`,
    /** Plain text. */
    manySuppressed: (count: number, reason: string) => `${count} events suppressed: ${reason}`,
    /** Plain text. */
    andOthers: (shown: string, others: number) => `${shown} and ${others} more`,
    receivedAt: ' · received: ',
    to: ' to ',
    dropped: (reason: string) => `Dropped: ${reason}`,
  },
} as const;
