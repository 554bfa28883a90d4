import { parseArgs } from 'node:util';
import { AppError } from '../lib/errors.ts';

export type DeliveriesCommand =
  | { verb: 'list'; channelId?: string; limit: number }
  | { verb: 'show'; id: string }
  | { verb: 'retry'; channelId?: string; ids?: string[] };

export const usage = `Failed deliveries: alerts that could not be sent, kept for 30 days.

  deliveries list [--channel ID] [--limit N]   latest first, 50 by default
  deliveries show ID                           one delivery, with its event
  deliveries retry ID…                         sends these again, with a full set of retries
  deliveries retry --channel ID                sends all of a channel again
  deliveries retry --all                       sends all again

IDs contain spaces and quotes: copy one as list prints it, including the outer quotes.`;

const defaultLimit = 50;

/** @throws AppError `usage`, with the usage as its message */
export function readDeliveriesCommand(args: readonly string[]): DeliveriesCommand {
  const { values, positionals } = parse(args);
  const [verb, ...ids] = positionals;
  const channel = values.channel === undefined ? {} : { channelId: values.channel };
  const limit = values.limit === undefined ? defaultLimit : Number(values.limit);
  if (verb === 'list' && ids.length === 0 && Number.isInteger(limit) && limit > 0)
    return { verb, ...channel, limit };
  const [id] = ids;
  if (verb === 'show' && id !== undefined && ids.length === 1) return { verb, id };
  const navigation = [ids.length > 0, values.channel !== undefined, values.all === true].filter(
    Boolean,
  ).length;
  if (verb === 'retry' && navigation === 1) return { verb, ...channel, ...(ids.length > 0 && { ids }) };
  throw new AppError('usage', usage);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { channel: { type: 'string' }, limit: { type: 'string' }, all: { type: 'boolean' } },
    });
  } catch (cause) {
    throw new AppError('usage', usage, { cause });
  }
}
