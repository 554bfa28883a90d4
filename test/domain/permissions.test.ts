import { expect, test } from 'vitest';
import { isInsider } from '../../src/domain/permissions.ts';

const alone = { teamId: 'T1', enterpriseId: null };
const onGrid = { teamId: 'T1', enterpriseId: 'E1' };

/** The home of a stranger, and of a manager or somebody who was shown Home. */
test.each([
  ['a member', alone, 'T1', undefined, true, true],
  ['somebody of another workspace', alone, 'T9', undefined, false, false],
  ['somebody of another workspace that has the app', alone, 'T2', null, false, false],
  ['somebody of an organisation that has the app', alone, 'T2', 'E2', false, false],
  ['somebody of an organisation', alone, 'E1', undefined, false, false],
  ['somebody of whom Slack does not say where they are at home', alone, undefined, undefined, false, true],
  ['a member on the Grid', onGrid, 'T1', 'E1', true, true],
  ['somebody of the organisation', onGrid, 'E1', undefined, true, true],
  ['somebody of another workspace of the organisation that has the app', onGrid, 'T2', 'E1', true, true],
  ['somebody of a workspace without the app, of any organisation', onGrid, 'T9', undefined, false, true],
  ['somebody of another organisation', onGrid, 'E2', undefined, false, false],
  ['somebody of a workspace of another organisation that has the app', onGrid, 'T3', 'E2', false, false],
  ['somebody of a workspace off the Grid that has the app', onGrid, 'T4', null, false, false],
  ['somebody on the Grid of whom Slack does not say it', onGrid, undefined, undefined, false, true],
] as const)('%s', (_, workspace, homeId, homeEnterpriseId, unknown, known) => {
  const facts = { workspace, homeId, homeEnterpriseId };
  expect(isInsider({ ...facts, isKnown: false })).toBe(unknown);
  expect(isInsider({ ...facts, isKnown: true })).toBe(known);
});
