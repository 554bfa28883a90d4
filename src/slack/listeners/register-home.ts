import type { App } from '@slack/bolt';
import { createChannelClicks } from '../home/channel-clicks.ts';
import { createHomePublisher, type HomePublisher } from '../home/publisher.ts';
import { createRulesEditor } from '../home/rules-editor.ts';
import type { HomeServices } from '../home/services.ts';
import { register as registerAddChannel } from './actions/add-channel.ts';
import { register as registerChannelMenu } from './actions/channel-menu.ts';
import { register as registerLinkAccount } from './actions/link-account.ts';
import { register as registerManagersForm } from './actions/managers-form.ts';
import { register as registerMutedCustomers } from './actions/muted-customers.ts';
import { register as registerOpenLink } from './actions/open-link.ts';
import { register as registerPause } from './actions/pause.ts';
import { register as registerPeople } from './actions/people.ts';
import { register as registerRulesForm } from './actions/rules-form.ts';
import { register as registerShowActivity } from './actions/show-activity.ts';
import { register as registerTurnHomePage } from './actions/turn-home-page.ts';
import { register as registerAppHomeOpened } from './events/app-home-opened.ts';
import { register as registerSuggestions } from './options/suggestions.ts';
import { register as registerSubmissions } from './views/submissions.ts';

export type Home = Pick<HomePublisher, 'changed' | 'stop'>;

export function registerHome(app: App, services: HomeServices): Home {
  const publisher = createHomePublisher(services);
  const clicks = createChannelClicks(services);
  const editor = createRulesEditor(services);

  registerAppHomeOpened(app, services, publisher);
  registerTurnHomePage(app, services, publisher);
  registerOpenLink(app, /^link_/);
  registerAddChannel(app, services);
  registerLinkAccount(app, services);
  registerRulesForm(app, clicks, services, editor);
  registerShowActivity(app, clicks, services);
  registerPause(app, clicks, services, publisher);
  registerChannelMenu(app, clicks, services);
  registerManagersForm(app, services);
  registerMutedCustomers(app, clicks, services);
  registerPeople(app, services);
  registerSubmissions(app, clicks, services, editor);
  registerSuggestions(app, clicks, services);

  return {
    changed: publisher.changed,
    async stop() {
      await editor.stop();
      await publisher.stop();
    },
  };
}
