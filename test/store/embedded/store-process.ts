import { startEmbeddedStore } from '../../../src/store/embedded/embedded-store.ts';

/** Runs an embedded store on the folder that it is given, says where, and ends when whoever started it is gone. */
const [dataDir = ''] = process.argv.slice(2);
const store = await startEmbeddedStore({ dataDir });
process.stdin.on('end', () => process.exit()).resume();
process.stdout.write(`${store.uri}\n`);
