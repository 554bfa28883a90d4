import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../../packages/embedded-mongo/src/embedded-mongo.ts';
import { startTcpProxy } from './tcp-proxy.ts';

export type Engine = {
  name: string;
  /** For the app. */
  env: Record<string, string>;
  /** Several processes can share it, and it can be cut off from them. */
  isSeparate: boolean;
  cut(): void;
  restore(): void;
  /** Directly, without the proxy; on the embedded store only while no process runs. */
  open(): Promise<{ db: Db; close(): Promise<void> }>;
  remove(): Promise<void>;
};

/** Where a local engine usually listens. */
const defaultUri = 'mongodb://127.0.0.1:27017/?directConnection=true';

/**
 * The real engine behind a proxy, or the embedded store.
 * @param uri of the engine; undefined: its usual place, if it runs
 */
export async function chooseEngine(wanted: 'auto' | 'embedded', uri: string | undefined): Promise<Engine> {
  if (wanted === 'embedded') return embeddedEngine();
  const client = new MongoClient(uri ?? defaultUri, { serverSelectionTimeoutMS: 2000 });
  try {
    await client.connect();
  } catch (error) {
    await client.close();
    if (uri !== undefined) throw error;
    return embeddedEngine();
  }
  return realEngine(client, uri ?? defaultUri);
}

async function realEngine(client: MongoClient, uri: string): Promise<Engine> {
  const name = `faults_${randomBytes(6).toString('hex')}`;
  const [, scheme = '', credentials = '', host = '', query = ''] =
    /^(mongodb:\/\/)([^@/]*@)?([^,/?]+)[^?]*(?:\?(.*))?$/.exec(uri) ?? [];
  const { hostname, port } = new URL(`http://${host}`);
  const proxy = await startTcpProxy({ host: hostname, port: Number(port || 27017) });
  const options = new URLSearchParams(query);
  options.delete('replicaSet');
  options.set('directConnection', 'true');
  const { version } = await client.db().admin().serverInfo();
  return {
    name: `MongoDB ${version}`,
    env: { MONGODB_URI: `${scheme}${credentials}127.0.0.1:${proxy.port}/${name}?${options}` },
    isSeparate: true,
    cut: proxy.cut,
    restore: proxy.restore,
    open: async () => ({ db: client.db(name), close: async () => undefined }),
    async remove() {
      await client.db(name).dropDatabase();
      await client.close();
      await proxy.close();
    },
  };
}

async function embeddedEngine(): Promise<Engine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'perly-faults-'));
  return {
    name: 'embedded store',
    env: { DATA_DIR: dataDir },
    isSeparate: false,
    cut: () => undefined,
    restore: () => undefined,
    async open() {
      const store = await startEmbeddedMongo({ dataDir });
      const client = await new MongoClient(store.uri).connect();
      return {
        db: client.db('perly_slack'),
        async close() {
          await client.close();
          await store.close();
        },
      };
    },
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}
