import { startEmbeddedStore } from '../../../src/store/embedded/embedded-store.ts';

/** Runs an embedded store on the folder that it is given, says where, and never ends by itself. */
const [dataDir = ''] = process.argv.slice(2);
const store = await startEmbeddedStore({ dataDir });
process.stdout.write(`${store.uri}\n`);
