import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import { ownerOptions } from '../../views/owner-fields.ts';

const viewSchema = z.object({
  private_metadata: z
    .string()
    .transform((json): unknown => JSON.parse(json))
    .pipe(z.looseObject({ channelId: z.string() })),
});

/** The owners that are offered in the rules of a channel, to whoever may change them. */
export function register(app: App, clicks: ChannelClicks, { owners }: Pick<HomeServices, 'owners'>): void {
  app.options<'block_suggestion'>(actionIds.rulesOwners, async ({ ack, options, body }) => {
    const view = readView(body.view);
    const found = view && (await clicks.find(body, view.private_metadata.channelId));
    const accountId = found === undefined || 'refusal' in found ? null : found.channel.accountId;
    const seen = accountId === null ? [] : await owners.listSeen(accountId);
    await ack({ options: ownerOptions(seen, options.value) });
  });
}

/** @returns `undefined` for a view of another kind, or none */
function readView(view: unknown): z.output<typeof viewSchema> | undefined {
  try {
    return viewSchema.safeParse(view).data;
  } catch {
    return undefined;
  }
}
