import { existsSync } from 'node:fs';
import { createFailedDeliveries } from '../channels/failed-deliveries.ts';
import { listSecrets, readConfig } from '../config.ts';
import { systemClock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import { toFailureText } from '../ops/failure-text.ts';
import { createChannelStore } from '../store/channels/store.ts';
import { createDeliveryStore } from '../store/deliveries/store.ts';
import { createEventStore, type EventStore } from '../store/events.ts';
import { createKeyring } from '../store/keyring.ts';
import { type DeliveriesCommand, readDeliveriesCommand } from './deliveries-command.ts';
import { toDeliveryLine, toPrintable } from './delivery-line.ts';
import { toRetryText } from './retry-text.ts';
import { withDatabase } from './with-database.ts';

let secrets: readonly string[] = [];

async function main(args: readonly string[]): Promise<void> {
  const command = readDeliveriesCommand(args);
  if (existsSync('.env')) process.loadEnvFile();
  // The settings of the app, since this runs beside it.
  const config = readConfig(process.env);
  secrets = listSecrets(config);
  await withDatabase(config, (db) => {
    const channels = createChannelStore(db, createKeyring(config.appSecrets));
    const deliveries = createDeliveryStore(db);
    const failed = createFailedDeliveries({ channels, deliveries, clock: systemClock });
    return run(command, failed, createEventStore(db));
  });
}

async function run(
  command: DeliveriesCommand,
  deliveries: ReturnType<typeof createFailedDeliveries>,
  events: Pick<EventStore, 'listByKeys'>,
): Promise<void> {
  switch (command.verb) {
    case 'list': {
      const failed = await deliveries.list(command.limit, command.channelId);
      say(failed.length === 0 ? 'No delivery has failed.' : failed.map(toDeliveryLine).join('\n'));
      return;
    }
    case 'show': {
      const delivery = await deliveries.find(command.id);
      if (delivery === undefined) throw new AppError('delivery_unknown', 'There is no such delivery.');
      if (delivery === 'ended')
        throw new AppError('delivery_ended', 'The channel of this delivery no longer serves its account.');
      const [event] = await events.listByKeys([delivery.eventKey]);
      say(JSON.stringify({ delivery, event: event?.event ?? null }, null, 2));
      return;
    }
    case 'retry': {
      say(toRetryText(await deliveries.retry(command)));
      return;
    }
  }
}

function say(text: string): void {
  process.stdout.write(`${toPrintable(text)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(toFailureText(error, secrets));
  process.exitCode = 1;
});
