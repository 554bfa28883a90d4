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

  modal: {
    cancel: 'Cancel',
    close: 'Close',
    save: 'Save',
    loading: 'One moment…',
    problemTitle: 'Perly alerts',
    gone: '*This channel is not connected any more.*\nTo connect it again, choose *Add channel* in Home. Its rules are kept for 30 days.',
    forbidden: (people: string) =>
      `*Only its managers can change this channel.*\n${people} can name you as one, in Home under *Who can manage*.`,
    forbiddenByPerly: '*This channel is managed in Perly.*\nAsk whoever looks after Perly in your company.',
    trouble:
      '*That did not work just now.*\nNothing was lost: alerts still arrive. Close this window and try again in a minute.',
    saving:
      'This takes longer than usual. Home shows the change as soon as it is saved; you may close this window.',
    saved: '*Saved.*\nHome shows it.',
    notSaved: '*This was not saved.*\nClose this window and try again in a minute.',
  },

  rules: {
    title: 'Alert rules',
    channel: (channel: string) => `Which alerts ${channel} gets, and when.`,
    startFrom: 'Start from:',
    presetLabel: (name: string, line: string) => `${name}: ${line}`,
    eventTypes: 'Events',
    eventTypeMeanings: {
      customer_at_risk: 'A customer may leave',
      expansion_signal: 'A customer is growing',
      health_score_drop: 'The health score fell',
      upsell_opportunity: 'A customer may buy more',
      billing_retry_failed: 'A payment failed again',
    },
    riskThreshold: 'Risk level',
    riskThresholdHint: 'Events without a risk level, such as expansion signals, always pass.',
    thresholds: {
      low: 'All levels',
      medium: 'Medium and above',
      high: 'High and critical',
      critical: 'Critical only',
    },
    scoreDelta: 'Smallest health score drop',
    scoreDeltaHint: 'In points, 0 to 100. With 15, a drop of 15 or more comes; with 0, every drop.',
    timing: 'When alerts come',
    timings: {
      always: 'At any time',
      digest: 'In business hours, the rest as one digest',
      discard: 'In business hours only, the rest is dropped',
    },
    timingMeanings: {
      always: 'Each alert as soon as Perly has it',
      digest: 'The digest comes when business hours open',
      discard: 'What happens outside them is not shown here',
    },
    timingHint: 'Critical alerts come at once, at any time.',
    timeZone: 'Time zone',
    timeZonePlaceholder: 'Type a city or a time zone',
    days: 'Business days',
    dayNames: {
      mon: 'Monday',
      tue: 'Tuesday',
      wed: 'Wednesday',
      thu: 'Thursday',
      fri: 'Friday',
      sat: 'Saturday',
      sun: 'Sunday',
    },
    start: 'Opens at',
    end: 'Closes at',
    endHint: '00:00 is midnight. An end before the start is on the next day.',
    errors: {
      eventTypes: 'Choose at least one event.',
      scoreDelta: 'Enter a number from 0 to 100.',
      timeZone: 'Choose a time zone: type a city, and pick it from the list.',
      days: 'Choose at least one day.',
      start: 'Choose when business hours open.',
      end: 'Choose when business hours close.',
      sameTimes: 'Choose another time than the opening. For all day: 00:00 to 00:00.',
    },
    incomplete: 'Something is still missing above.',
    inShort: (sentence: string) => `*In short:* ${sentence}`,
    gets: (events: string, levels: string) => `This channel gets ${events}, ${levels}`,
    allEvents: 'all events',
    levels: {
      low: 'of all risk levels',
      medium: 'of medium risk and above',
      high: 'of high and critical risk',
      critical: 'of critical risk only',
    },
    fromPoints: (points: number) => `; a health score drop only from ${points} points on`,
    atAnyTime: ', at any time.',
    inHours: (hours: string) => `. Alerts come ${hours}`,
    digestAfter: '; what comes outside waits for one digest at the next opening.',
    discardAfter: '; what comes outside is dropped.',
    criticalAlways: ' Critical alerts come at once.',
    preview: (sent: number, held: number, keptBack: number) =>
      `In the last 7 days this would have sent ${sent}, held ${held} and kept back ${keptBack}.`,
    previewPending: 'Counting the last 7 days…',
    previewEmpty: 'No events came in the last 7 days, so there is nothing to compare with.',
    previewWaiting: 'Once the channel has a Perly account, this says what the rules would have sent.',
    previewTrouble: 'What the rules would have sent cannot be counted just now.',
    changedMeanwhile: (who: string, line: string) =>
      `⚠️ *${who} changed these rules while you edited them.* They are now: ${line}. Nothing is saved yet: *Save* puts yours in their place.`,
    someone: 'Someone',
    perly: 'Perly',
    useTheirs: 'Use theirs',
  },
} as const;
