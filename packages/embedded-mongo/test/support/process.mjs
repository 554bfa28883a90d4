/** Runs a database on a folder, prints its URI, and ends when its parent has ended. */
const [build, dataDir, maintenanceIntervalMs] = process.argv.slice(2);
const { startEmbeddedMongo } = await import(`${build}/embedded-mongo.js`);
const store = await startEmbeddedMongo({ dataDir, maintenanceIntervalMs: Number(maintenanceIntervalMs) });
process.stdin.on('end', () => process.exit()).resume();
process.stdout.write(`${store.uri}\n`);
