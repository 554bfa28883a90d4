/**
 * The number of runs of a long property: all of them in `npm run test:load`, which runs its file as well
 * (vitest.load.config.ts), an eighth in `npm test`.
 */
export function propertyRuns(all: number): number {
  return process.env.LONG_PROPERTIES === undefined ? Math.ceil(all / 8) : all;
}
