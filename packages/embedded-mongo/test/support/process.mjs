/** Runs a database on a folder, prints its URI, and ends when its parent is gone. */
const [build, dataDir, sweepIntervalMs] = process.argv.slice(2);
const { startEmbeddedMongo } = await import(`${build}/embedded-mongo.js`);
const store = await startEmbeddedMongo({ dataDir, sweepIntervalMs: Number(sweepIntervalMs) });
process.stdin.on('end', () => process.exit()).resume();
process.stdout.write(`${store.uri}\n`);
