import { WebAPIPlatformError } from '@slack/web-api';
import type { Viewer } from '../../domain/permissions.ts';
import { createCoalescingQueue } from '../../lib/coalescing-queue.ts';
import type { HomeViewer } from '../../store/home-viewers.ts';
import { buildHome, buildHomeTrouble } from '../views/home.ts';
import { loadHome } from './load-home.ts';
import type { HomeServices, ViewsClient } from './services.ts';
import { harmlessRefusal } from './slack-refusals.ts';

type Publication = { client: ViewsClient; viewer: HomeViewer; isOpened: boolean };

/** Change in a workspace. The Home of its author is published separately. */
type Change = { teamId: string; userId?: string };

export type HomePublisher = {
  /** Publishes Home for a person, and remembers that they are looking at it. */
  show(viewer: HomeViewer): Promise<void>;
  /** Publishes at once for the author of a change, soon for others who have Home open. */
  changed(teamId: string, userId?: string): void;
  stop(): Promise<void>;
};

/** Maximum number of Homes after a change; those that were opened earlier show it when opened again. */
const maxPublishedHomes = 50;

/**
 * `views.publish` allows about 100 calls per minute and workspace (Tier 4); half of them are for people's own clicks.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
const publishDelayMs = 1200;

export function createHomePublisher(services: HomeServices): HomePublisher {
  const { viewers, insiders, clientOf, help, clock, logger } = services;
  const stopped = new AbortController();

  async function publish({ client, viewer, isOpened }: Publication): Promise<void> {
    const view = await loadHome(services, viewer, viewer.page)
      .then(buildHome)
      .catch((error: unknown) => {
        logger.error({ err: error, teamId: viewer.teamId }, 'a Home could not be built');
        return buildHomeTrouble(help);
      });
    try {
      await client.views.publish({ user_id: viewer.userId, view });
    } catch (error) {
      // Anything else may be the answer of a proxy, or pass by itself.
      if (error instanceof WebAPIPlatformError && harmlessRefusal(error) !== undefined)
        await viewers.remove(viewer);
      throw error;
    }
    if (isOpened) await insiders.save(viewer, clock.now());
  }

  function report(error: unknown): void {
    const refusal = harmlessRefusal(error);
    if (refusal === undefined) logger.error({ err: error }, 'a Home was not published');
    else logger.info({ refusal }, 'a Home was not published');
  }

  const homes = createCoalescingQueue(publish, report, (waiting, later) => ({
    ...later,
    isOpened: waiting.isOpened || later.isOpened,
  }));
  const submit = (client: ViewsClient, viewer: HomeViewer, isOpened = false) =>
    homes.submit(keyOf(viewer), { client, viewer, isOpened });

  async function publishOne({ teamId, userId }: Viewer): Promise<void> {
    const [client, viewer] = await Promise.all([clientOf(teamId), viewers.find(teamId, userId)]);
    if (client !== undefined && viewer !== undefined) await submit(client, viewer);
  }

  async function publishAll({ teamId, userId }: Change): Promise<void> {
    const client = await clientOf(teamId);
    if (client === undefined) return;
    const followers = await viewers.listLatest(teamId, clock.now(), maxPublishedHomes);
    for (const viewer of followers) {
      if (viewer.userId === userId) continue;
      if (stopped.signal.aborted) return;
      await submit(client, viewer);
    }
    await clock.sleep(followers.length * publishDelayMs, stopped.signal);
  }

  const own = createCoalescingQueue(publishOne, report);
  // Merges changes during a round; of several people, each has to see what the others changed.
  const rounds = createCoalescingQueue(publishAll, report, ({ userId }, later) =>
    userId === later.userId ? later : { teamId: later.teamId },
  );

  return {
    async show(viewer) {
      const client = await clientOf(viewer.teamId);
      if (client === undefined) return;
      await viewers.save(viewer, clock.now()).catch(report);
      await submit(client, viewer, true);
    },

    changed(teamId, userId) {
      if (stopped.signal.aborted) return;
      if (userId !== undefined) void own.submit(keyOf({ teamId, userId }), { teamId, userId });
      void rounds.submit(teamId, { teamId, ...(userId !== undefined && { userId }) });
    },

    async stop() {
      stopped.abort();
      await Promise.all([own.idle(), rounds.idle()]);
      await homes.idle();
    },
  };
}

function keyOf({ teamId, userId }: Viewer): string {
  return `${teamId}:${userId}`;
}
