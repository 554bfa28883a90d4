import type { App, BlockButtonAction } from '@slack/bolt';
import type { HomePublisher } from '../../home/publisher.ts';
import type { HomeServices } from '../../home/services.ts';
import { personOfView } from '../../home/view-person.ts';
import { actionIds } from '../../views/action-ids.ts';

export function register(
  app: App,
  services: Pick<HomeServices, 'people' | 'clientOf'>,
  publisher: HomePublisher,
): void {
  for (const id of [actionIds.previousPage, actionIds.nextPage])
    app.action<BlockButtonAction>(id, async ({ ack, action, body }) => {
      await ack();
      const person = await personOfView(services, body);
      const page = Number(action.value);
      if (person !== undefined && Number.isInteger(page) && page >= 0)
        await publisher.show({ ...person.viewer, page });
    });
}
