import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Collection, MongoClient, MongoError, MongoServerError } from 'mongodb';
import { expect, inject, test } from 'vitest';
import { checkStorage } from '../support/check-storage.ts';
import { startProcess } from '../support/start-process.ts';

type Item = { _id: string; writer: number; key: string; n: number; tags: number[]; state: string };

const build = inject('embeddedMongoBuild');
const kills = 20;
const writers = 6;
const seed = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));

test(`kill -9 loses nothing that was acknowledged, and breaks no index (KILL_SEED=${seed})`, async () => {
  console.log(`KILL_SEED=${seed}`);
  const random = generator(seed);
  const folder = await mkdtemp(join(tmpdir(), 'perly-kill-'));
  /** `undefined`: deleted. */
  const acknowledged = new Map<string, Item | undefined>();
  /** The result of a write that was in flight: it may be there, or not. */
  const possible = new Map<string, Item | undefined>();
  let writes = 0;

  for (let round = 0; round < kills; round++) {
    const store = await startProcess({ build, dataDir: folder });
    const client = await new MongoClient(store.uri, {
      serverSelectionTimeoutMS: 60_000,
      maxPoolSize: writers,
    }).connect();
    const items = client.db('test').collection<Item>('items');
    await items.createIndexes([
      { key: { key: 1 }, unique: true },
      { key: { writer: 1, n: -1 } },
      { key: { tags: 1 } },
      { key: { state: 1, n: 1 }, partialFilterExpression: { state: 'open' } },
    ]);
    await compare(items);
    const until = writes + 1 + Math.floor(random() * 80);
    const running = Promise.all(Array.from({ length: writers }, (_, writer) => write(items, writer, round)));
    await Promise.race([running, expect.poll(() => writes, { interval: 1 }).toBeGreaterThanOrEqual(until)]);
    // The moment within a write is meant to be random: there is no condition to wait for.
    await wait(random() * 5);
    await store.kill();
    await client.close();
    await running;
    expect(await checkStorage(folder)).toEqual([]);
  }

  console.log(`${writes} acknowledged writes over ${kills} kills`);
  await rm(folder, { recursive: true, force: true });

  /** Everything acknowledged is there, and nothing else except writes in flight. */
  async function compare(items: Collection<Item>): Promise<void> {
    const found = new Map((await items.find().toArray()).map((item) => [item._id, item]));
    for (const [id, outcome] of possible) {
      const [before, now] = [acknowledged.get(id), found.get(id)];
      expect([before, outcome]).toContainEqual(now);
      if (now === undefined) acknowledged.delete(id);
      else acknowledged.set(id, now);
    }
    possible.clear();
    const expected = [...acknowledged.values()].filter((item) => item !== undefined);
    expect(found.size).toBe(expected.length);
    for (const item of expected) expect(found.get(item._id)).toEqual(item);
  }

  /** Each writer has its own documents, so that each has one history; it ends when the store dies. */
  async function write(items: Collection<Item>, writer: number, round: number): Promise<void> {
    const own: string[] = [...acknowledged.values()]
      .filter((item) => item?.writer === writer)
      .map((item) => item?._id ?? '');
    for (let step = 0; ; step++) {
      const choice = random();
      const id = own[Math.floor(random() * own.length)] ?? '';
      const current = acknowledged.get(id);
      const intended =
        choice < 0.4 || current === undefined
          ? newItem(`${round}-${writer}-${step}`, writer)
          : choice < 0.55
            ? undefined
            : { ...current, n: current.n + 1, state: 'open', tags: [...current.tags.slice(-3), step] };
      const target = intended?._id ?? id;
      possible.set(target, intended);
      try {
        await perform(items, acknowledged.get(target), intended, target, step);
      } catch (error) {
        // Only the end of the store ends a writer: a refusal is a bug in this test or the store.
        if (isConnectionLost(error)) return;
        throw error;
      }
      possible.delete(target);
      acknowledged.set(target, intended);
      writes++;
      if (intended === undefined) own.splice(own.indexOf(target), 1);
      else if (current === undefined || choice < 0.4) own.push(target);
    }
  }
});

/** The driver wraps a lost connection, except in the write that notices it, which gets Node's EPIPE. */
function isConnectionLost(error: unknown): boolean {
  if (error instanceof MongoError) return !(error instanceof MongoServerError);
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

async function perform(
  items: Collection<Item>,
  before: Item | undefined,
  after: Item | undefined,
  _id: string,
  step: number,
): Promise<void> {
  if (after === undefined) {
    expect((await items.deleteOne({ _id })).deletedCount).toBe(1);
  } else if (before === undefined) {
    await items.insertOne(after);
  } else if (step % 2 === 0) {
    const update = { $inc: { n: 1 }, $set: { state: 'open', tags: after.tags } };
    expect((await items.updateOne({ key: before.key }, update)).modifiedCount).toBe(1);
  } else {
    const { n, state, tags } = after;
    expect(await items.findOneAndUpdate({ _id }, { $set: { n, state, tags } }, { sort: { n: 1 } })).toEqual(
      before,
    );
  }
}

function newItem(_id: string, writer: number): Item {
  return { _id, writer, key: `key of ${_id}`, n: 0, tags: [writer], state: 'new' };
}

/** Mulberry32: reproducible numbers from 0 to 1. */
function generator(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
