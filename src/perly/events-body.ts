import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventSchema, type PerlyEvent } from '../domain/event.ts';
import { createFairLimit } from '../lib/fair-limit.ts';
import { readJson } from './json-body.ts';
import { type Fault, Problem } from './problem.ts';
import { readEvent } from './read-event.ts';
import { toFaults } from './to-faults.ts';

export const maxEventsPerBatch = 1000;

export type Rejection = { index: number; id: string | null; errors: Fault[] };

export type Warning = { index: number; id: string } & Fault;

type EventsBody = {
  isBatch: boolean;
  valid: { index: number; event: PerlyEvent; warnings: Fault[] }[];
  rejected: Rejection[];
};

/** @throws Problem 400 if the text is not JSON, 422 if it is neither an event nor a batch */
export type BodyParser = (text: string) => Promise<EventsBody>;

/** Number of events that are validated before other requests get their turn; takes milliseconds. */
const sliceLength = 25;

/** Large batches of accounts take turns. */
const maxConcurrentBatches = 2;

export function createBodyParser(perlyOrigin: string): BodyParser {
  const schema = eventSchema(perlyOrigin);

  const share = createFairLimit(maxConcurrentBatches);

  /** Accepts an event whose owner is invalid, without the owner's name or without the owner. */
  function parse(item: unknown): { result: ReturnType<typeof schema.safeParse>; warnings: Fault[] } {
    const result = schema.safeParse(item);
    if (result.success || !result.error.issues.every(isAboutOwner)) return { result, warnings: [] };
    const isNameAlone = result.error.issues.every(({ path }) => path[2] === 'name');
    const consequence = isNameAlone ? 'the id is shown instead' : 'the owner is left out';
    const warnings = toFaults(result.error).map(({ path, message }) => ({
      path,
      message: `${message}: ${consequence}`,
    }));
    return { result: schema.safeParse(isNameAlone ? withoutOwnerName(item) : withoutOwner(item)), warnings };
  }

  async function check(items: readonly unknown[], isBatch: boolean): Promise<EventsBody> {
    const body: EventsBody = { isBatch, valid: [], rejected: [] };
    for (const [index, item] of items.entries()) {
      if (index > 0 && index % sliceLength === 0) await nextTurn();
      const { result, warnings } = parse(item);
      if (result.success) {
        const read = readEvent(result.data);
        body.valid.push({ index, event: read.event, warnings: [...warnings, ...read.warnings] });
      } else body.rejected.push({ index, id: idOf(item), errors: toFaults(result.error) });
    }
    return body;
  }

  return async (text) => {
    const json = readJson(text);
    const isBatch = typeof json === 'object' && json !== null && 'events' in json;
    const items = isBatch ? toBatch(json.events) : [json];
    const work = () => check(items, isBatch);
    return items.length <= sliceLength ? work() : share(accountOf(items[0]), work);
  };
}

function toBatch(events: unknown): unknown[] {
  if (Array.isArray(events) && events.length > 0 && events.length <= maxEventsPerBatch) return events;
  throw invalidBody([{ path: 'events', message: `must be an array of 1 to ${maxEventsPerBatch} events` }]);
}

export function invalidBody(errors: Fault[], extra: Record<string, unknown> = {}): Problem {
  return new Problem({
    status: 422,
    code: 'event_invalid',
    title: 'The body is not valid',
    detail: 'Nothing was accepted: see errors.',
    extra: {
      errors,
      ...extra,
    },
  });
}

/** Returns the account of the first event, for which a batch counts. */
function accountOf(item: unknown): string {
  if (typeof item !== 'object' || item === null || !('account_id' in item)) return '';
  return typeof item.account_id === 'string' ? item.account_id : '';
}

function isAboutOwner({ path }: { path: PropertyKey[] }): boolean {
  return path[0] === 'customer' && path[1] === 'owner';
}

function withoutOwner(item: unknown): unknown {
  return withOwner(item, () => undefined);
}

function withoutOwnerName(item: unknown): unknown {
  return withOwner(item, (owner) => ({ ...Object(owner), name: undefined }));
}

function withOwner(item: unknown, change: (owner: unknown) => unknown): unknown {
  if (typeof item !== 'object' || item === null || !('customer' in item)) return item;
  const customer = Object(item.customer);
  return { ...item, customer: { ...customer, owner: change(customer.owner) } };
}

function idOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('id' in item)) return null;
  return typeof item.id === 'string' ? item.id.slice(0, 128) : null;
}
