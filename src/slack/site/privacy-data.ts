/** Content of a collection, in the words of docs/privacy.md, which has the same table. */
export type StoredData = {
  collection: string;
  data: string;
  purpose: string;
  seenBy: string;
  deleted: string;
};

export type Deletion = { when: string; deleted: string; kept: string };

const nobody = 'nobody';
const workspaceAndAccount = 'people of the workspace, in App Home; the Perly account';

export const storedData: readonly StoredData[] = [
  {
    collection: 'installations',
    data: 'ids and name of a workspace, who installed the app, the bot token (encrypted)',
    purpose: 'to show App Home',
    seenBy: nobody,
    deleted: 'token, name and person at the uninstall; the rest when the clean-up is done',
  },
  {
    collection: 'channels',
    data: 'ids and names of channels and workspaces, the id of the account that a channel serves or served last, rules, user ids of managers and of who connected them, webhook URLs (encrypted), when somebody of another organisation was last seen in it',
    purpose: 'to post alerts by the rules, and to let managers change them',
    seenBy: `${workspaceAndAccount}; webhook URLs: nobody`,
    deleted:
      'disconnected: webhook URL and user ids at once, the rest after 13 days; uninstall: all but rules and ids at once, those after 13 days; deleted account: at once',
  },
  {
    collection: 'links',
    data: 'ids and names of workspaces and accounts, who linked them',
    purpose: 'to know which Perly account a workspace belongs to',
    seenBy: workspaceAndAccount,
    deleted: 'uninstall or deleted account: at once',
  },
  {
    collection: 'linkConfirmations',
    data: 'the same, for a link that waits for confirmation',
    purpose: 'to let the person who began confirm it',
    seenBy: 'that person, in App Home',
    deleted:
      'after ten minutes, or a day if somebody else got the link; uninstall or deleted account: at once',
  },
  {
    collection: 'events',
    data: 'what Perly posted: customers and their owners; channel ids in decisions',
    purpose: 'to build alerts and digests, and to explain what was sent or not',
    seenBy:
      'people in the channels that get the alert; managers, in Activity and when they edit rules; the Perly account',
    deleted: 'after 30 days; deleted account: at once; the decisions for a removed workspace after 13 days',
  },
  {
    collection: 'deliveries',
    data: 'ids of events, accounts and channels; the id of the customer, if the channel limits repeats; who acknowledged, who undid that, when a reminder was sent',
    purpose: 'to send each alert once, to try again, and to remind of it',
    seenBy: 'people in the channel; the Perly account',
    deleted: '30 days after they ended; uninstall or deleted account: at once',
  },
  {
    collection: 'mutes',
    data: 'customers, who muted them, until when and why',
    purpose: 'to leave out muted customers',
    seenBy: 'people in the channel; managers, in Muted customers',
    deleted: 'at their end; uninstall or deleted account: at once',
  },
  {
    collection: 'owners',
    data: 'ids and names of the owners in events',
    purpose: 'to offer them under People and in the rules',
    seenBy: 'managers of a channel of the account, in App Home; the Perly account',
    deleted: '30 days after the last event with them; deleted account: at once',
  },
  {
    collection: 'ownerUsers',
    data: 'which Slack user an owner is: ids and names',
    purpose: 'to mention the owner in alerts',
    seenBy:
      'managers of a channel of the account, in App Home; the Perly account; mentions: people in the channel',
    deleted: 'when somebody removes it; unlinked, uninstall or deleted account: at once',
  },
  {
    collection: 'audit',
    data: 'who changed what: user ids, rules, ids of customers (mutes, undone acknowledgements), owners and their Slack users',
    purpose: 'to say who changed the rules when two people edit them at once',
    seenBy: 'managers of the channel',
    deleted: 'after a year; uninstall: after 13 days; deleted account: at once',
  },
  {
    collection: 'outgoingWebhooks',
    data: 'outgoing webhooks: names of channels, user ids',
    purpose: 'to tell Perly about changes of channels',
    seenBy: 'the Perly account',
    deleted:
      'when Perly has accepted it, or after about 28 hours; an id and the account stay for 30 days. Uninstall: after 13 days; deleted account: at once',
  },
  {
    collection: 'homeViewers',
    data: 'user ids of people who have App Home open',
    purpose: 'to update App Home while it is open',
    seenBy: nobody,
    deleted: 'after 12 hours; uninstall: at once',
  },
  {
    collection: 'insiders',
    data: 'user ids of people who were shown App Home or installed the app',
    purpose: 'to tell people of the workspace from those of other organisations',
    seenBy: nobody,
    deleted: 'a year after the last time; uninstall: at once',
  },
  {
    collection: 'usedTokens',
    data: 'ids of used tokens; of a workspace and an account while they are being linked',
    purpose: 'to let each link work once',
    seenBy: nobody,
    deleted:
      'when the token expires; ids of workspace and account: when they are linked; if that was cut short, with the token. Unlinked, uninstall or deleted account: at once',
  },
  {
    collection: 'leases',
    data: 'ids of channels being served',
    purpose: 'to have one sender for each channel',
    seenBy: nobody,
    deleted: 'when the sender is done',
  },
  {
    collection: 'removals',
    data: 'the id of a removed workspace or account',
    purpose: 'to finish a deletion',
    seenBy: nobody,
    deleted: 'when its clean-up is done',
  },
  {
    collection: 'agendaJobs',
    data: 'none: times',
    purpose: 'to send digests on time',
    seenBy: nobody,
    deleted: 'when they ran',
  },
  {
    collection: 'meta',
    data: 'none: the schema version',
    purpose: 'to upgrade the database',
    seenBy: nobody,
    deleted: 'never',
  },
];

export const deletions: readonly Deletion[] = [
  {
    when: 'always',
    deleted: '',
    kept: 'events, owners, finished deliveries and the ids of outgoing webhooks for 30 days; the audit trail for a year',
  },
  {
    when: "a customer's mute ends",
    deleted: 'the mute',
    kept: '',
  },
  {
    when: 'a channel is disconnected',
    deleted:
      'its webhook, mutes, managers and who connected it; it serves no account any more; waiting and failed alerts are dropped',
    kept: 'its rules, its name and the id of the account that it served, for 13 days: if it is connected again to the same account, it gets its rules back',
  },
  {
    when: 'a workspace removes the app',
    deleted:
      'its token, webhooks, links and pending confirmations, Slack users of owners, deliveries, mutes, names of channels, user ids of their managers and of who connected them, who was shown App Home',
    kept: 'for 13 days, for a reinstall: rules and ids of channels and of the accounts that they served last, the audit trail, and the decisions about events for its channels. After that nothing of the workspace is left; if it came back, nothing of the channels that were not connected again',
  },
  {
    when: 'a workspace is unlinked',
    deleted:
      "the link, the Slack users of the account's owners and the channels' mutes; waiting and failed alerts are dropped",
    kept: 'the channels with their rules and the id of the account; they wait for an account, and a different account begins with the default rules',
  },
  {
    when: 'Perly deletes an account',
    deleted:
      'its channels with rules and webhooks, events, owners and their Slack users, deliveries, mutes, links (also those that were cut short), outgoing webhooks and audit trail; again an hour later, for writes that were in flight. Until then, tokens signed before the deletion open, connect and link nothing',
    kept: "the workspaces' installations, which hold a bot token and nothing of the account: the workspaces remove them",
  },
];
