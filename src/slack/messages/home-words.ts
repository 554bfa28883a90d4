/** The buttons of messages that lead to the App Home. */
export const changeRules = 'Change the rules';
export const linkAccount = 'Link Perly account';

/** What Home is for. */
export const rulesHint = 'In Perly’s Home you choose which alerts this channel gets, and when.';
