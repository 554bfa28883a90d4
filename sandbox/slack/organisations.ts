import { defaultTeam, type TeamSeed } from './seed.ts';

const acmeGroup = { id: 'E0ACMEGRP01', name: 'Acme Group' };

/** Wanda is a member of both workspaces, Erin of the first, and Wes of the second. */
export const gridEast = {
  id: 'T0GRIDEAST1',
  name: 'Acme East',
  domain: 'acme-east',
  enterprise: acmeGroup,
  users: [
    { id: 'W0WANDA0001', name: 'wanda', realName: 'Wanda Ito', alsoIn: ['T0GRIDWEST1'] },
    { id: 'U0ERIN00001', name: 'erin', realName: 'Erin Cole' },
  ],
  channels: [
    { id: 'C0EASTHLT01', name: 'east-health' },
    { id: 'C0GRPACCTS1', name: 'group-accounts', sharedWith: ['T0GRIDWEST1'] },
  ],
} satisfies TeamSeed;

export const gridWest = {
  id: 'T0GRIDWEST1',
  name: 'Acme West',
  domain: 'acme-west',
  enterprise: acmeGroup,
  users: [{ id: 'U0WES000001', name: 'wes', realName: 'Wes Okoye' }],
  channels: [{ id: 'C0WESTHLT01', name: 'west-health' }],
} satisfies TeamSeed;

/** Without the app; Nora is a member of the first workspace as well. */
export const gridNorth = {
  id: 'T0GRIDNRTH1',
  name: 'Acme North',
  domain: 'acme-north',
  enterprise: acmeGroup,
  users: [{ id: 'W0NORA00001', name: 'nora', realName: 'Nora Lund', alsoIn: ['T0GRIDEAST1'] }],
  channels: [],
} satisfies TeamSeed;

/** On Enterprise Grid, without the app. */
export const initech = {
  id: 'T0INITECH01',
  name: 'Initech',
  domain: 'initech',
  enterprise: { id: 'E0INITECH01', name: 'Initech Group' },
  users: [{ id: 'W0IRA000001', name: 'ira', realName: 'Ira Novak' }],
  channels: [],
} satisfies TeamSeed;

/** Can share a channel with the default workspace: Slack Connect. */
export const globex = {
  id: 'T0GLOBEXCO1',
  name: 'Globex',
  domain: 'globex',
  users: [{ id: 'U0OLGA00001', name: 'olga', realName: 'Olga Berg' }],
  channels: [{ id: 'C0GLOBEXGEN', name: 'globex-general' }],
} satisfies TeamSeed;

/** Shares a channel with Globex, whose guest is only there. */
export const sharingTeam = {
  ...defaultTeam,
  users: [...defaultTeam.users, { id: 'U0GUEST0001', name: 'gus', realName: 'Gus Hale', isGuest: true }],
  channels: [
    ...defaultTeam.channels,
    { id: 'C0ACMEGLBX1', name: 'acme-globex', sharedWith: [globex.id], members: ['U0GUEST0001'] },
  ],
} satisfies TeamSeed;
