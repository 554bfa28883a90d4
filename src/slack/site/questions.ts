export type Question = { question: string; answer: readonly string[] };

export const questions: readonly Question[] = [
  {
    question: 'Slack shows “Request to install” instead of “Allow”. What now?',
    answer: [
      'Your workspace takes approved apps only. Press Request to install. Slack asks the administrators of your workspace, and tells you when they have approved Perly. Then start again: press Connect Slack in Perly, or Add to Slack on our page.',
    ],
  },
  {
    question: 'Who may install Perly?',
    answer: [
      'Anyone whose workspace lets them add apps. You do not have to be an administrator in Slack or in Perly. If nobody in your team has access to Perly, connect the channel all the same: the page after it has a link that you can send to your Perly administrator.',
    ],
  },
  {
    question: 'No alert arrives. What can I check?',
    answer: [
      'Open Perly in Slack. Home shows each channel with its state. “Waiting for a Perly account” means that the account is not linked yet. Otherwise choose Send a test alert in the channel’s menu. If the test arrives, look at Activity: it shows what Perly sent, and which rule held it back. If Activity is empty, Perly has sent no event: check in Perly that alerts are turned on.',
    ],
  },
  {
    question: 'Why is a channel broken?',
    answer: [
      'Slack no longer takes alerts for it, because the channel was archived, somebody removed the webhook, or posting was restricted. Home says which. Alerts are kept meanwhile. Press Reconnect in Home and pick the channel again; they then come as one digest. If the channel is gone, pick another one: its rules and alerts move there.',
    ],
  },
  {
    question: 'How do I move alerts to another channel?',
    answer: [
      'Open Perly in Slack. In the channel’s menu choose Move to another channel, and pick the new one in Slack. The rules come along. You have to be a manager of the channel; its card names them.',
    ],
  },
  {
    question: 'How do I remove it?',
    answer: [
      'One channel: open Perly in Slack, and choose Disconnect in the channel’s menu.',
      'The whole app: in Slack, open your workspace’s menu, choose Tools & settings, Manage apps, Perly, and Remove App. Alerts stop at once, and our privacy page says what is deleted when.',
    ],
  },
];
