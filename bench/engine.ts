/**
 * Database of the benchmarked app: the engine that `MONGODB_URI` names, as in the tests; `undefined` for an
 * embedded store of its own. It is an option of the benchmark and not a setting of the app, whose settings
 * every benchmark creates itself.
 */
export const engineUri: string | undefined = process.env.MONGODB_URI;

/** The processes of that engine, comma-separated in `MONGODB_PIDS`, for its CPU time: the roots of their trees. */
export const enginePids: readonly number[] = (process.env.MONGODB_PIDS ?? '')
  .split(',')
  .filter((pid) => pid !== '')
  .map(Number);
