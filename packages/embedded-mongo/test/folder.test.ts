import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { MongoClient } from 'mongodb';
import { afterEach, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { prepareFolder } from '../src/prepare-folder.ts';
import { storeKey } from '../src/storage/keys.ts';
import { openStorage, type Storage } from '../src/storage/storage.ts';
import { startEmbeddedMongo } from './support/built-package.ts';
import { startProcess } from './support/start-process.ts';

const build = inject('embeddedMongoBuild');
const formatKey = storeKey(0, Buffer.from('v'));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perly-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const inUse = {
  name: 'EmbeddedMongoError',
  code: 'in_use',
  message: expect.stringContaining('Another process is using the database in'),
};

describe('a folder has one owner', () => {
  test('a second store in this process is refused, and the first continues', async () => {
    const store = await startEmbeddedMongo({ dataDir: folder });
    await expect(startEmbeddedMongo({ dataDir: folder })).rejects.toMatchObject(inUse);
    await using(store.uri, async (client) => {
      await client.db('a').collection('b').insertOne({ c: 1 });
    });
    await store.close();
  });

  test('while another process has it, it is refused; after kill -9 one of several that start at once gets it', async () => {
    const other = await startProcess({ build, dataDir: folder });
    await using(other.uri, async (client) => {
      await client.db('a').collection('b').insertOne({ c: 1 });
    });
    await expect(startEmbeddedMongo({ dataDir: folder })).rejects.toMatchObject(inUse);
    await other.kill();
    const results = await Promise.allSettled(
      Array.from({ length: 3 }, () => startEmbeddedMongo({ dataDir: folder })),
    );
    const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(started).toHaveLength(1);
    expect(refused).toEqual(Array.from({ length: 2 }, () => expect.objectContaining({ code: 'in_use' })));
    for (const store of started) {
      await using(store.uri, async (client) => {
        expect(await client.db('a').collection('b').countDocuments({ c: 1 })).toBe(1);
      });
      await store.close();
    }
  });
});

test('data stays after a close, and no socket is left', async () => {
  for (let round = 1; round <= 2; round++) {
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

  test('in a folder that the store creates', async () => {
    const dataDir = join(folder, 'new', 'data');
    const store = await startEmbeddedMongo({ dataDir });
    await store.close();
    expect(await modeOf(dataDir)).toBe(0o700);
    for (const name of files) expect(await modeOf(join(dataDir, name))).toBe(0o600);
  });

  test('in an existing folder and existing files, readable by all', async () => {
    await openStorage(folder).close();
    await chmod(folder, 0o755);
    for (const name of files) await chmod(join(folder, name), 0o644);
    await (await startEmbeddedMongo({ dataDir: folder })).close();
    expect(await modeOf(folder)).toBe(0o700);
    for (const name of files) expect(await modeOf(join(folder, name))).toBe(0o600);
  });

  test('a link in place of one of the files is refused, and its target keeps its mode', async () => {
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

  test('in a folder behind a link, which keeps its mode', async () => {
    const target = join(folder, 'target');
    await mkdir(target, { mode: 0o755 });
    await symlink(target, join(folder, 'link'));
    await (await startEmbeddedMongo({ dataDir: join(folder, 'link') })).close();
    expect(await modeOf(target)).toBe(0o755);
    for (const name of files) expect(await modeOf(join(target, name))).toBe(0o600);
  });

  test('in a shared folder, which stays shared', async () => {
    await chmod(folder, 0o1777);
    await (await startEmbeddedMongo({ dataDir: folder })).close();
    expect(await modeOf(folder)).toBe(0o1777);
    for (const name of files) expect(await modeOf(join(folder, name))).toBe(0o600);
  });
});

test.each([
  ['', '/tmp'],
  [', also if TMPDIR has one', `/tmp/${'x'.repeat(80)}`],
])('a folder with a long name has its socket elsewhere, and leaves nothing there%s', async (_, temporary) => {
  const deep = join(folder, 'x'.repeat(120));
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
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

test('the death of its thread is reported, and close still works', async () => {
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

describe('a folder or a file that cannot be used is refused with an error', () => {
  test.each([
    ['is no folder', async () => '/dev/null/nowhere'],
    [
      'belongs to another user and is read-only',
      async () => {
        await chmod(folder, 0o500);
        return folder;
      },
    ],
  ])('that %s', async (_, prepare) => {
    const dataDir = await prepare();
    await expect(withoutPrivileges(() => startEmbeddedMongo({ dataDir }))).rejects.toMatchObject({
      code: 'not_writable',
      message: expect.stringContaining(`The database in ${dataDir} cannot be written`),
    });
  });

  test('a disk that is too full for the lock: it has its space before LMDB maps it into memory', async () => {
    prepareFolder(folder);
    expect((await stat(join(folder, 'lock.mdb'))).size).toBe(12_288);
    const store = await startEmbeddedMongo({ dataDir: folder });
    expect((await stat(join(folder, 'lock.mdb'))).size).toBe(12_288);
    await store.close();
  });

  const dataFile = () => join(folder, 'data.mdb');
  let intact: Buffer;
  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'perly-intact-'));
    const store = await startEmbeddedMongo({ dataDir });
    await using(store.uri, async (client) => {
      const documents = Array.from({ length: 500 }, (_item, n) => ({ n, text: 'x'.repeat(n * 10) }));
      await client.db('a').collection('b').insertMany(documents);
    });
    await store.close();
    intact = await readFile(join(dataDir, 'data.mdb'));
    await rm(dataDir, { recursive: true });
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['is no database', () => Buffer.from('hello'.repeat(10_000))],
    ['is a few bytes', () => Buffer.from('hello')],
    ['lost its beginning', (bytes) => Buffer.from(bytes).fill(0, 0, 9000)],
    ['lost its end', (bytes) => bytes.subarray(0, 120_000)],
    ['was overwritten', (bytes) => Buffer.from(bytes).fill(0x5a, 9000)],
  ])('a file that %s', async (_, damage) => {
    await writeFile(dataFile(), damage(intact));
    await expect(startEmbeddedMongo({ dataDir: folder })).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining(`${dataFile()} is damaged`),
    });
  });

  test('a file that lost an empty part can still be used', async () => {
    await writeFile(dataFile(), Buffer.concat([intact, Buffer.alloc(8192)]));
    const store = await startEmbeddedMongo({ dataDir: folder });
    await using(store.uri, async (client) => {
      expect(
        await client
          .db('a')
          .collection('b')
          .countDocuments({ n: { $gte: 0 } }),
      ).toBe(500);
    });
    await store.close();
  });

  test.each<[string, (storage: Storage) => void, string]>([
    [
      'a newer version',
      (storage) => storage.put(formatKey, Buffer.from([0, 0, 0, 9])),
      'a newer version of embedded-mongo: format 9',
    ],
    ['a version before the first', (storage) => storage.remove(formatKey), 'from before its first release'],
  ])('that %s wrote', async (_, change, message) => {
    const storage = openStorage(folder);
    storage.write(() => {
      storage.put(storeKey(0, Buffer.from('s')), Buffer.from([0, 0, 0, 1]));
      change(storage);
    });
    await storage.close();
    await expect(startEmbeddedMongo({ dataDir: folder })).rejects.toMatchObject({
      code: 'unsupported_format',
      message: expect.stringContaining(message),
    });
  });
});

test('on a full disk a write is refused, nothing is lost, and writes work again once there is space', async () => {
  const other = await startProcess({ build, dataDir: folder, maxFileBlocks: 4000 });
  let acknowledged = 0;
  await using(other.uri, async (client) => {
    const items = client.db('a').collection('b');
    const fill = async () => {
      for (;;) {
        const documents = Array.from({ length: 20 }, () => ({ text: 'x'.repeat(5000) }));
        acknowledged += (await items.insertMany(documents)).insertedCount;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 14_031 });
    expect(await items.countDocuments({ text: { $exists: true } })).toBe(acknowledged);
    acknowledged -= (await items.deleteMany({ text: { $exists: true } })).deletedCount;
    await expect
      .poll(() =>
        items.insertOne({ n: 1 }).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    acknowledged++;
  });
  await other.kill();
  const store = await startEmbeddedMongo({ dataDir: folder });
  await using(store.uri, async (client) => {
    expect(
      await client
        .db('a')
        .collection('b')
        .find({}, { projection: { _id: 0 } })
        .toArray(),
    ).toEqual([{ n: 1 }]);
  });
  await store.close();
});

/** Root can write everywhere, so it temporarily becomes nobody. */
async function withoutPrivileges<T>(action: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await action();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

async function using(uri: string, action: (client: MongoClient) => Promise<void>): Promise<void> {
  const client = await new MongoClient(uri).connect();
  try {
    await action(client);
  } finally {
    await client.close();
  }
}
