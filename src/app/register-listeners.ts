import { listActivity } from '../channels/activity.ts';
import { createAlertActions } from '../channels/alert-actions.ts';
import { createCustomerSearch } from '../channels/customer-search.ts';
import { createPeople } from '../channels/people.ts';
import { previewRules } from '../channels/preview.ts';
import { createSharingWatch } from '../channels/sharing.ts';
import { createOwnerMentions } from '../delivery/owner-mentions.ts';
import type { ClientOf } from '../slack/home/services.ts';
import { registerAlerts } from '../slack/listeners/register-alerts.ts';
import { registerHome } from '../slack/listeners/register-home.ts';
import type { SlackApp } from '../slack/slack-app.ts';
import { createKeyring } from '../store/keyring.ts';
import type { WebContext } from './web-context.ts';

export function registerListeners(slackApp: SlackApp, context: WebContext): ReturnType<typeof registerHome> {
  const { config, stores, delivery, clock, timeouts, logger } = context;
  const { settings, owners, removals } = delivery;
  const people = createPeople(stores);
  const clientOf: ClientOf = async (teamId) => {
    const installation = await stores.installations.find(teamId);
    if (installation?.bot === undefined) return undefined;
    return slackApp.clientWith(installation.bot.token, removals.fetchOf(teamId));
  };
  const home = registerHome(slackApp.app, {
    ...stores,
    timeouts,
    settings,
    owners,
    viewers: stores.homeViewers,
    people,
    clientOf,
    listAccounts: stores.links.listByTeam,
    listActivity: (channel, query) => listActivity(stores, channel, query),
    customerSearch: createCustomerSearch(stores.events),
    previewRules: (channel, rules) => previewRules(stores, channel, rules),
    sendTestAlert: delivery.testChannel,
    confirmations: delivery.confirmations,
    links: context.slackLinks,
    help: context.site,
    logger,
  });
  registerAlerts(slackApp.app, {
    actions: createAlertActions({
      ...stores,
      findMentions: createOwnerMentions(stores),
      settings,
      people,
    }),
    sharing: createSharingWatch({ ...stores, people, homeChanged: (teamId) => home.changed(teamId) }),
    clientOf,
    keyring: createKeyring(config.appSecrets),
    responseOrigins: config.slack.webhookOrigins,
    fetch: context.fetch,
    clock,
    timeouts,
    logger,
  });
  return home;
}
