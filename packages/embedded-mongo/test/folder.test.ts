import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { startEmbeddedMongo } from './support/built-package.ts';
import { startProcess } from './support/start-process.ts';

const build = inject('embeddedMongoBuild');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perly-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const inUse = {
  name: 'EmbeddedMongoError',
  code: 'in_use',
  message: expect.stringContaining('Another process is using the embedded store in'),
};

describe('a folder has one owner', () => {
  test('a second store in this process is refused, and the first goes on', async () => {
    const store = await startEmbeddedMongo({ dataDir: folder });
    await expect(startEmbeddedMongo({ dataDir: folder })).rejects.toMatchObject(inUse);
    await using(store.uri, async (client) => {
      await client.db('a').collection('b').insertOne({ c: 1 });
    });
    await store.close();
  });

  test('while another process has it, it is refused; after kill -9 it is free', async () => {
    const other = await startProcess({ build, dataDir: folder });
    await using(other.uri, async (client) => {
      await client.db('a').collection('b').insertOne({ c: 1 });
    });
    await expect(startEmbeddedMongo({ dataDir: folder })).rejects.toMatchObject(inUse);
    await other.kill();
    const store = await startEmbeddedMongo({ dataDir: folder });
    await using(store.uri, async (client) => {
      expect(await client.db('a').collection('b').countDocuments({ c: 1 })).toBe(1);
    });
    await store.close();
  });

  test('of several that come at once after a kill, one gets it', async () => {
    await (await startProcess({ build, dataDir: folder })).kill();
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, () => startEmbeddedMongo({ dataDir: folder })),
    );
    const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(started).toHaveLength(1);
    expect(refused).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ code: 'in_use' })));
    for (const store of started) await store.close();
  });
});

test('data are there after a close, and no socket is left', async () => {
  for (let round = 1; round <= 3; round++) {
    const store = await startEmbeddedMongo({ dataDir: folder });
    await using(store.uri, async (client) => {
      const items = client.db('a').collection('b');
      await items.createIndex({ n: 1 }, { unique: true });
      await items.insertOne({ n: round });
      expect(await items.countDocuments()).toBe(round);
      expect(await items.countDocuments({ n: { $lte: round } })).toBe(round);
    });
    await store.close();
    await store.close();
    expect((await readdir(folder)).filter((name) => name.endsWith('.sock'))).toEqual([]);
  }
});

describe('only the owner can read the data', () => {
  const modeOf = async (path: string) => (await stat(path)).mode & 0o7777;
  const files = ['data.mdb', 'lock.mdb'];

  test('in a folder that the store makes', async () => {
    const dataDir = join(folder, 'new', 'data');
    const store = await startEmbeddedMongo({ dataDir });
    await store.close();
    expect(await modeOf(dataDir)).toBe(0o700);
    for (const name of files) expect(await modeOf(join(dataDir, name))).toBe(0o600);
  });

  test('in a folder and in files that were there before, readable by all', async () => {
    await (await startEmbeddedMongo({ dataDir: folder })).close();
    await chmod(folder, 0o755);
    for (const name of files) await chmod(join(folder, name), 0o644);
    await (await startEmbeddedMongo({ dataDir: folder })).close();
    expect(await modeOf(folder)).toBe(0o700);
    for (const name of files) expect(await modeOf(join(folder, name))).toBe(0o600);
  });

  test('a link in place of one of the files is refused, and what it leads to keeps its mode', async () => {
    const elsewhere = join(folder, 'elsewhere');
    const dataDir = join(folder, 'data');
    await mkdir(dataDir);
    await writeFile(elsewhere, 'x', { mode: 0o644 });
    for (const name of files) {
      for (const target of [elsewhere, join(folder, 'nowhere')]) {
        await symlink(target, join(dataDir, name));
        await expect(startEmbeddedMongo({ dataDir })).rejects.toMatchObject({
          code: 'is_link',
          message: expect.stringContaining(`${join(dataDir, name)} is a symbolic link`),
        });
        await rm(join(dataDir, name));
      }
    }
    expect(await modeOf(elsewhere)).toBe(0o644);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  test('in a folder that a link leads to, which keeps its mode', async () => {
    const target = join(folder, 'target');
    await mkdir(target, { mode: 0o755 });
    await symlink(target, join(folder, 'link'));
    await (await startEmbeddedMongo({ dataDir: join(folder, 'link') })).close();
    expect(await modeOf(target)).toBe(0o755);
    for (const name of files) expect(await modeOf(join(target, name))).toBe(0o600);
  });

  test('in a folder that is there for all, which stays so', async () => {
    await chmod(folder, 0o1777);
    await (await startEmbeddedMongo({ dataDir: folder })).close();
    expect(await modeOf(folder)).toBe(0o1777);
    for (const name of files) expect(await modeOf(join(folder, name))).toBe(0o600);
  });
});

test('a folder with a long name has its socket elsewhere, and leaves nothing there', async () => {
  const deep = join(folder, 'x'.repeat(120));
  const store = await startEmbeddedMongo({ dataDir: deep });
  const socket = decodeURIComponent(/\/\/([^/]+)\//.exec(store.uri)?.[1] ?? '');
  expect(socket.startsWith(deep)).toBe(false);
  await expect(startEmbeddedMongo({ dataDir: deep })).rejects.toMatchObject({ code: 'in_use' });
  await using(store.uri, async (client) => {
    await client.db('a').collection('b').insertOne({ c: 1 });
  });
  await store.close();
  expect(existsSync(join(socket, '..'))).toBe(false);
});

test('the death of its thread is told, and close still ends', async () => {
  const thread = new Promise<Worker>((resolve) => process.once('worker', resolve));
  const death = new Promise<Error>((resolve) => {
    void startEmbeddedMongo({ dataDir: folder, onFatal: resolve }).then(async (store) => {
      await (await thread).terminate();
      await store.close();
    });
  });
  expect(await death).toMatchObject({ code: 'failed', message: expect.stringContaining(folder) });
  const next = await startEmbeddedMongo({ dataDir: folder });
  await next.close();
});

test('a folder that cannot be written is told in words', async () => {
  await expect(startEmbeddedMongo({ dataDir: '/dev/null/nowhere' })).rejects.toThrow();
});

async function using(uri: string, action: (client: MongoClient) => Promise<void>): Promise<void> {
  const client = await new MongoClient(uri, { serverSelectionTimeoutMS: 2000 }).connect();
  try {
    await action(client);
  } finally {
    await client.close();
  }
}
