/** The runs of a long property: all in `npm run test:load` (vitest.load.config.ts), a sixteenth in `npm test`. */
export function propertyRuns(all: number): number {
  return process.env.LONG_PROPERTIES === undefined ? Math.ceil(all / 16) : all;
}
