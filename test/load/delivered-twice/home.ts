import { expect } from 'vitest';
import { textOf } from '../../support/view-text.ts';
import { check, type Fixture, people, type StepGroup } from './fixture.ts';

/** Home itself: opening it, its pages and its links. */
export function createHomes({ running, dana, hold }: Fixture): StepGroup {
  const { slack } = running;
  const press = (actionId: string) => hold(() => slack.click({ user: 'dana', on: 'home', actionId }));
  return {
    kinds: {
      'open Home': ({ who }) => hold(() => slack.openHome(who, 'T0ACMECS001')),
      'add a channel': () => press('home_add_channel'),
      'next page': () => press('home_page_next'),
      async 'previous page'() {
        await slack.click({ user: 'dana', on: 'home', actionId: 'home_page_next' });
        await expect.poll(() => dana.home()).toContain('Channels 16–16 of 16');
        const requests = await press('home_page_previous');
        await dana.open('Channels 1–15 of 16');
        return requests;
      },
      'follow a link': ({ who }) =>
        hold(() =>
          slack.click({ user: who, on: slack.messages('#solo')[0]?.ts ?? '', actionId: 'link_home' }),
        ),
    },
    async findFaults() {
      return check('Home of another organisation', textOf(slack.home(people.olga, 'T0ACMECS001')), ['']);
    },
  };
}
