/** Runs an embedded store of a build on a folder, says where, and ends when whoever started it is gone. */
const [build, dataDir, sweepIntervalMs] = process.argv.slice(2);
const { startEmbeddedStore } = await import(`${build}/store/embedded/embedded-store.js`);
const store = await startEmbeddedStore({ dataDir, sweepIntervalMs: Number(sweepIntervalMs) });
process.stdin.on('end', () => process.exit()).resume();
process.stdout.write(`${store.uri}\n`);
