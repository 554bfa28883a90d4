import { hash } from 'node:crypto';
import type { ActionsBlock, KnownBlock, ModalView, SectionBlock, UsersSelect } from '@slack/types';
import { z } from 'zod';
import type { OwnerEntry } from '../../channels/owners.ts';
import { type NamedAccount, toAccountLabel } from '../../messages/account-name.ts';
import { clean } from '../../messages/block-kit/clean.ts';
import { limits } from '../../messages/block-kit/limits.ts';
import { isUserId, plainText } from '../../messages/block-kit/mrkdwn.ts';
import { truncate } from '../../messages/block-kit/truncate.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { boldLine, button, context, namedSection, section } from './elements.ts';
import { pageOf } from './modal.ts';

const text = copy.people;

/** Owners per page: with two blocks each, and a heading for each account, well below Slack's 100 per view. */
const ownersPerPage = 25;

const maxNameLength = 60;

export const peopleMetadataSchema = z.object({ teamId: z.string(), page: z.number() });

type PeopleMetadata = z.infer<typeof peopleMetadataSchema>;

export type AccountPeople = { account: NamedAccount; owners: readonly OwnerEntry[] };

/** Lists owners without a user first. @param people the accounts that the viewer may change */
export function buildPeopleModal(
  { teamId, page }: PeopleMetadata,
  people: readonly AccountPeople[],
): ModalView {
  const all = people.flatMap(({ account, owners }) => owners.map((owner) => ({ account, owner })));
  const { page: shownPage, lastPage, first, shown } = pageOf(all, ownersPerPage, page);
  return {
    type: 'modal',
    title: plainText(text.title),
    close: plainText(copy.modal.close),
    private_metadata: JSON.stringify({ teamId, page: shownPage } satisfies PeopleMetadata),
    blocks: [
      section(all.length === 0 ? text.empty : text.about),
      ...shown.flatMap(({ account, owner }, index) => [
        ...(people.length > 1 && account !== shown[index - 1]?.account
          ? [{ type: 'divider' } satisfies KnownBlock, boldLine(toAccountLabel(account))]
          : []),
        ...ownerBlocks(account, owner),
      ]),
      ...pagerOf(shownPage, lastPage, text.page(first + 1, first + shown.length, all.length)),
    ],
  };
}

function ownerBlocks({ accountId }: NamedAccount, owner: OwnerEntry): KnownBlock[] {
  const ref = toOwnerRef(accountId, owner.id);
  const name = truncate(clean(owner.name) || clean(owner.id), maxNameLength);
  const present = owner.userId !== null && isUserId(owner.userId) ? owner.userId : undefined;
  const row: SectionBlock = namedSection(
    { name, rest: owner.userId === null ? text.nobody : '' },
    picker(present),
  );
  const removal: ActionsBlock = {
    type: 'actions',
    block_id: `remove ${ref}`,
    elements: [
      button({
        id: actionIds.removeOwnerUser,
        text: text.remove,
        label: truncate(text.removeLabel(name), limits.accessibilityLabel),
        value: ref,
      }),
    ],
  };
  // Slack keeps what was chosen in a block while its id stays, also after the user was removed.
  return [
    { ...row, block_id: `owner ${ref} ${present ?? 'nobody'}` },
    ...(owner.userId === null ? [] : [removal]),
  ];
}

function picker(present: string | undefined): UsersSelect {
  return {
    type: 'users_select',
    action_id: actionIds.ownerUser,
    placeholder: plainText(text.choose),
    ...(present !== undefined && { initial_user: present }),
  };
}

function pagerOf(page: number, lastPage: number, said: string): KnownBlock[] {
  if (lastPage === 0) return [];
  const turn = (id: string, label: string, to: number) => button({ id, text: label, value: String(to) });
  return [
    { type: 'divider' },
    context(said),
    {
      type: 'actions',
      elements: [
        ...(page === 0 ? [] : [turn(actionIds.peoplePrevious, copy.home.previous, page - 1)]),
        ...(page === lastPage ? [] : [turn(actionIds.peopleNext, copy.home.next, page + 1)]),
      ],
    },
  ];
}

/** The ref is short enough for the controls of the modal. */
export function toOwnerRef(accountId: string, ownerId: string): string {
  return hash('sha256', JSON.stringify([accountId, ownerId]), 'base64url').slice(0, 22);
}

/** Returns `undefined` for a block of another kind. */
export function ownerRefOf(blockId: string): string | undefined {
  return /^(?:owner|remove) ([\w-]{22})(?: |$)/.exec(blockId)?.[1];
}
