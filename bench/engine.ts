/**
 * Where the app of a benchmark has its database: the engine that `MONGODB_URI` names, as for the tests; `undefined` for an
 * embedded store of its own. It is a choice of whoever measures, not a setting of the app, whose settings every benchmark
 * creates itself.
 */
export const engineUri: string | undefined = process.env.MONGODB_URI;
