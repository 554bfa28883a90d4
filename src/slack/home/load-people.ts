import { mayManage, type Viewer } from '../../domain/permissions.ts';
import { distinguishAccounts, type NamedAccount } from '../../messages/account-name.ts';
import type { Channel } from '../../store/channels/document.ts';
import type { AccountPeople } from '../views/people-modal.ts';
import type { HomeServices } from './services.ts';

export async function loadPeople(
  services: Pick<HomeServices, 'channels' | 'listAccounts' | 'owners'>,
  viewer: Viewer,
): Promise<AccountPeople[]> {
  const [channels, linked] = await Promise.all([
    services.channels.listByTeam(viewer.teamId),
    services.listAccounts(viewer.teamId),
  ]);
  return listPeople(services, viewer, { channels, linked });
}

export async function listPeople(
  services: { owners: Pick<HomeServices['owners'], 'list'> },
  viewer: Viewer,
  { channels, linked }: { channels: readonly Channel[]; linked: readonly NamedAccount[] },
): Promise<AccountPeople[]> {
  const { teamId } = viewer;
  const managed = new Set(channels.filter((one) => mayManage(one, viewer)).map(({ accountId }) => accountId));
  const accounts = distinguishAccounts(linked.filter(({ accountId }) => managed.has(accountId)));
  return Promise.all(
    accounts.map(async (account) => ({
      account,
      owners: await services.owners.list({ teamId, accountId: account.accountId }),
    })),
  );
}
