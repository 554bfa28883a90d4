import type { App } from '@slack/bolt';
import type { HomePublisher } from '../../home/publisher.ts';
import type { HomeServices } from '../../home/services.ts';

/** Of an event's envelope: which workspaces and organisations it names, besides the one with the app. */
type Envelope = { team_id?: string; context_team_id?: string; is_ext_shared_channel?: boolean };

/**
 * Somebody opened the app: its Home is built anew each time; its other tabs are Slack's own. Who opens it from another
 * organisation, under "Connections", is shown nothing (https://github.com/slackapi/bolt-js/issues/1948).
 */
export function register(
  app: App,
  { people }: Pick<HomeServices, 'people'>,
  publisher: Pick<HomePublisher, 'show'>,
): void {
  app.event('app_home_opened', async ({ event, body, context }) => {
    const { teamId } = context;
    if (event.tab !== 'home' || teamId === undefined) return;
    for (const team_id of otherHomes(teamId, body)) {
      const user = { id: event.user, ...(team_id !== undefined && { team_id }) };
      if ((await people.findInsider(teamId, { user })) === undefined) return;
    }
    await publisher.show({ teamId, userId: event.user, page: 0 });
  });
}

/** Where the person may be at home instead; `undefined` is somewhere that Slack does not name. */
function otherHomes(teamId: string, { team_id, context_team_id, is_ext_shared_channel }: Envelope) {
  const others = [team_id, context_team_id].filter((id) => id !== undefined && id !== teamId);
  return others.length === 0 && is_ext_shared_channel === true ? [undefined] : others;
}
