import type { ConnectionError } from '../../delivery/webhook/client.ts';
import type { SuppressReason } from '../../domain/decide.ts';
import type { EndReason } from '../../store/deliveries/states.ts';
import { rulesCopy } from './rules-copy.ts';

/**
 * Every text of the App Home and its modals, in one table. Texts that take arguments are mrkdwn, and their arguments
 * come escaped, unless they say otherwise; the rest is plain text unless it says otherwise. A title and a button in a modal take 24 characters.
 */
export const copy = {
  privateConversation: 'a private conversation',
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
    /** Follows the account's name. */
    introNamed: ' in Perly tells these channels about its customers. Each channel has its own rules.',
    /** Plain text. */
    emptyNamed: (account: string) =>
      `A channel that you connect here gets the alerts of ${account} in Perly.`,
    introSeveral: (count: string) =>
      `${count} Perly accounts tell these channels about their customers. Each channel serves one of them, and has its own rules.`,
    waiting: (count: number) =>
      `*One step is left.* ${count === 1 ? 'A channel of yours waits' : `${count} channels of yours wait`} for a Perly account. Link it, and alerts start at once.`,
    linkAccount: 'Link Perly account',
    broken: (count: number) =>
      `⚠️ *${count === 1 ? 'A channel is' : `${count} channels are`} broken.* Slack does not take alerts for ${count === 1 ? 'it' : 'them'}. They are kept, and come as one digest after you reconnect.`,
    page: (first: number, last: number, total: number) => `Channels ${first}–${last} of ${total}`,
    previous: 'Previous',
    next: 'Next',
    foot: (...links: string[]) =>
      `${links.join(' · ')} · Perly posts to the channels that you pick. It reads no messages.`,
    about: 'How it works',
    support: 'Get help',
    privacy: 'Privacy',
    trouble:
      '*We cannot show your channels just now.*\nAlerts still arrive. Open this tab again in a minute; if it stays like this, get help below.',
  },

  card: {
    place: (index: number, total: number) => `channel ${index} of ${total}`,
    /** Plain text. */
    serves: (account: string) => `for ${account}`,
    active: '🟢 Active',
    pausedUntil: (time: string) => `⏸️ Paused until ${time}`,
    pausedUntilResumed: '⏸️ Paused until someone resumes it',
    trouble: (time: string, reason: string) =>
      `🟠 Slack has not been taking alerts since ${time}: ${reason}. They are tried again`,
    failing: '🟠 The latest alert failed',
    broken: (reason: string) => `⚠️ Broken: ${reason}`,
    waiting: '⏳ Waits for a Perly account',
    unreadable: '⚠️ Alerts wait: its webhook cannot be read. Reconnect it',
    lastAlert: (time: string) => `last alert: ${time}`,
    noAlert: 'no alert in the last 30 days',
    noAlertYet: 'no alert yet',
    silent:
      'Perly has sent no event for this channel yet. Check in Perly that its alerts are turned on and that this is the right account; *Send a test alert* in the menu shows that the channel works.',
    held: (count: string, time: string) => `${count} held for the digest: ${time}`,
    heldWhileBroken: (count: string) => `${count} held until it is back`,
    failed: (count: string) => `${count} failed, see Activity`,
    external: (time: string) => `🌐 shared with another organisation (seen: ${time})`,
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
    manage: 'Manage in Slack',
    disconnect: 'Disconnect',
  },

  modal: {
    cancel: 'Cancel',
    close: 'Close',
    save: 'Save',
    loading: 'One moment…',
    problemTitle: 'Perly alerts',
    gone: '*This channel is not connected any more.*\nTo connect it again, choose *Add channel* in Home. Its rules are kept for 13 days.',
    forbidden: (people: string) =>
      `*Only its managers can change this channel.*\n${people} can name you as one, in Home under *Who can manage*.`,
    forbiddenOutside:
      '*Only people of this workspace can change its channels.*\nYou are signed in from another organisation.',
    forbiddenByPerly: '*This channel is managed in Perly.*\nAsk whoever looks after Perly in your company.',
    trouble:
      '*That did not work just now.*\nNothing was lost: alerts still arrive. Close this window and try again in a minute.',
    saving:
      'This takes longer than usual. Home shows the change as soon as it is saved; you may close this window.',
    saved: '*Saved.*\nHome shows it.',
    notSaved: '*This was not saved.*\nClose this window and try again in a minute.',
  },

  rules: rulesCopy,

  linkAccount: {
    title: 'Link Perly account',
    about:
      'Continue in your browser: sign in to your company’s Perly account, and agree there. Then come back to this Home, where you confirm.\nThe button works once, within ten minutes.',
    go: 'Continue in Perly',
    sendOn:
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
    nothingWaits:
      '*No channel of yours waits for a Perly account.*\nNothing was linked. Only channels that you manage and that have no account yet can be linked.',
    expired:
      '*This question is no longer valid.*\nNothing was linked by it. It can be answered once, and not for long. To begin again, press *Link Perly account* in Home.',
  },

  addChannel: {
    title: 'Add channel',
    about: 'This workspace has several Perly accounts. Which one shall the channel be for?',
    pick: 'Pick a channel',
    pickLabel: (account: string) => `Pick a channel for ${account}`,
  },

  pause: {
    title: 'Pause alerts',
    submit: 'Pause',
    about: (channel: string) =>
      `How long shall ${channel} get no alerts? What comes meanwhile is not sent later; Activity shows it. What is held already still comes.`,
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
      `No alert about this customer comes to ${channel} until then, not even a critical one. To undo it, choose Unmute in the alert.`,
    already: (time: string) => `Muted until ${time}; a shorter time changes nothing.`,
    label: 'For how long',
  },

  managers: {
    title: 'Who can manage',
    about: (channel: string) =>
      `Who may change the rules of ${channel}, pause it, move it and disconnect it. Everyone else sees the channel and its rules.`,
    label: 'Managers',
    people: 'These people',
    everyone: 'Everyone in this workspace',
    peopleLabel: 'People',
    peoplePlaceholder: 'Choose people',
    nobody: 'Choose at least one person, or everyone.',
    externalLabel: 'Shared channels',
    external: 'Also people of other organisations can acknowledge alerts',
    externalMeaning: 'Only where Slack shares the channel with them. They can read alerts anyway.',
  },

  disconnect: {
    title: 'Disconnect channel',
    submit: 'Disconnect',
    about: (channel: string) => `*Disconnect ${channel}?* It gets no more alerts from Perly.`,
    goes: (held: string) =>
      held === '0'
        ? '*What goes:* the connection, and which customers are muted.'
        : `*What goes:* the connection, which customers are muted, and what is held for the next digest (${held}).`,
    stays: '*What stays:* the rules, for 13 days. Connect the channel again by then, and it has them back.',
    remains:
      '*What remains in Slack:* the webhook that Slack made for this channel, until someone removes it there. Perly does not post to it any more.',
  },

  testAlert: {
    title: 'Test alert',
    sent: (channel: string) => `✅ *A test alert was sent to ${channel}.*`,
    sentHint: 'It is about a customer that does not exist, and did not look at the rules.',
    broken: (channel: string, reason: string) => `⚠️ *Slack does not take alerts for ${channel}.*\n${reason}`,
    brokenHint: 'Reconnect the channel, and alerts arrive again: what it missed comes as one digest.',
    failed: (channel: string) =>
      `*The test alert did not get through to ${channel} just now.*\nSlack did not answer as it should. Try again in a minute.`,
    busy: (channel: string) =>
      `*The test alert was not sent: other messages to ${channel} are on their way.*\nSlack takes one message a second for a channel. Try again in a minute.`,
    waits: (channel: string, time: string) =>
      `*The test alert was not sent to ${channel}.*\nSlack asked Perly to wait until ${time}; alerts wait as well, and are sent then.`,
  },

  activity: {
    title: 'Activity',
    about: (channel: string) => `What Perly had for ${channel} lately, and what became of it.`,
    empty: 'Nothing yet. What Perly posts in the next 30 days appears here, also what the rules keep back.',
    emptyWaiting: 'Nothing yet: the channel waits for a Perly account. Link it in Home.',
    muted: (time: string, who: string) => `Muted until ${time}, by ${who}`,
    moreMuted: (count: number) => `${count} more customers are muted. Unmute one of these to see the next.`,
    unmute: 'Unmute',
    unmuteLabel: (customer: string) => `Unmute ${customer}`,
    mutedByPerly: 'Perly',
    retry: 'Retry',
    retryLabel: (customer: string) => `Retry ${customer}`,
    received: (time: string) => `came: ${time}`,
    sent: (time: string) => `✅ Sent: ${time}`,
    acknowledged: (who: string) => `acknowledged by ${who}`,
    pending: '📨 On its way',
    pendingAgain: (time: string, reason: string) => `📨 Is tried again: ${time}; last time: ${reason}`,
    held: (time: string) => `🌙 Held for the digest: ${time}`,
    heldWhileBroken: '⚠️ Held until the channel is back',
    failed: (reason: string) => `❌ Failed: ${reason}`,
    failedPlainly: '❌ Failed',
    keptBack: (reason: string) => `Kept back: ${reason}`,
    dropped: (reason: string) => `Dropped: ${reason}`,
    reasons: {
      paused: 'the channel was paused',
      event_type_off: 'this event is off in the rules',
      customer_muted: 'the customer is muted in this channel',
      below_risk_threshold: 'its risk level is below the one in the rules',
      below_score_delta: 'the drop is smaller than the one in the rules',
      quiet_hours: 'it came outside business hours, and the rules drop what does',
      disconnected: 'the channel was disconnected',
      moved: 'the alerts moved to another channel',
      event_expired: 'it is older than 30 days',
      timeout: 'Slack did not answer in time',
      connection_lost: 'the connection to Slack was lost before its answer came',
      unreachable: 'Slack could not be reached',
      rate_limited: 'Slack asked to wait',
    } satisfies Readonly<Record<SuppressReason | EndReason | ConnectionError | 'rate_limited', string>>,
    slackFault: (status: number) => `Slack had a fault of its own (HTTP ${status})`,
    otherAnswer: (status: number) => `the answer was not Slack’s (HTTP ${status})`,
    slackWord: (word: string) => `Slack answered ${word}`,
    noReason: 'for a reason that was not kept',
  },
} as const;
