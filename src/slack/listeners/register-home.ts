import type { App } from '@slack/bolt';
import type { HomePublisher } from '../home/publisher.ts';
import { register as registerOpenLink } from './actions/open-link.ts';
import { register as registerTurnHomePage } from './actions/turn-home-page.ts';
import { register as registerAppHomeOpened } from './events/app-home-opened.ts';

/** Everything that people do in the App Home and its modals. */
export function registerHome(app: App, publisher: HomePublisher): void {
  registerAppHomeOpened(app, publisher);
  registerTurnHomePage(app, publisher);
  registerOpenLink(app);
}
