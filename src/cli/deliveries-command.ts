import { parseArgs } from 'node:util';
import { AppError } from '../lib/errors.ts';

/** What an operator asks of failed deliveries. */
export type DeliveriesCommand =
  | { verb: 'list'; channelId?: string; limit: number }
  | { verb: 'show'; id: string }
  | { verb: 'retry'; channelId?: string; ids?: string[] };

export const usage = `Failed deliveries: what could not be sent, and is kept for 30 days.

  deliveries list [--channel ID] [--limit N]   the latest first, 50 of them unless said otherwise
  deliveries show ID                           one delivery, with its event
  deliveries retry ID…                         has them tried again, with all tries before them
  deliveries retry --channel ID                … all of a channel
  deliveries retry --all                       … all

An ID has blanks and quotes in it: copy it as list prints it, with the quotes around it.`;

const defaultLimit = 50;

/** Reads the words after the command's name. @throws AppError `usage` that says how it is used */
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
