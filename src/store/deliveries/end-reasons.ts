/** Why deliveries end without Slack or the rules having a say. */
export const endReasons = ['disconnected', 'moved', 'event_expired'] as const;

export type EndReason = (typeof endReasons)[number];
