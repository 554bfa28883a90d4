import type { Enterprise } from './records.ts';

export interface UserSeed {
  id: string;
  /** `dana` in `@dana`. */
  name: string;
  realName?: string;
  /** Of the organisation. */
  alsoIn?: readonly string[];
  isGuest?: boolean;
}

export interface ChannelSeed {
  id: string;
  /** With or without the `#`. */
  name: string;
  isPrivate?: boolean;
  /** Only they may choose a private channel. */
  members?: readonly string[];
  /** Of other workspaces. */
  sharedWith?: readonly string[];
}

export interface TeamSeed {
  id: string;
  name: string;
  domain: string;
  enterprise?: Enterprise;
  users?: readonly UserSeed[];
  channels?: readonly ChannelSeed[];
}

const users: UserSeed[] = [
  { id: 'U0DANA00001', name: 'dana', realName: 'Dana Reyes' },
  { id: 'U0MILO00002', name: 'milo', realName: 'Milo Park' },
];

const channels: ChannelSeed[] = [
  { id: 'C0GENERAL01', name: 'general' },
  { id: 'C0HEALTH001', name: 'customer-health' },
  { id: 'C0ESCALATE1', name: 'cs-escalations' },
  { id: 'C0REVENUE01', name: 'revenue-signals' },
  { id: 'C0BILLING01', name: 'billing-alerts' },
  { id: 'C0LEADS0001', name: 'cs-leads', isPrivate: true, members: ['U0DANA00001'] },
];

/** Dana leads the team, Milo is a member of it. */
export const defaultTeam = {
  id: 'T0ACMECS001',
  name: 'Acme CS',
  domain: 'acme-cs',
  users,
  channels,
} satisfies TeamSeed;
