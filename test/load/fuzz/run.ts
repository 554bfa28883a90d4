import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

/** `npm run fuzz [-- --inputs 100000 --seed N]`: fuzz.test.ts with more inputs, and with statistics. */
const { values } = parseArgs({
  options: { inputs: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
process.env.FUZZ_INPUTS = values.inputs;
if (values.seed !== undefined) process.env.FUZZ_SEED = values.seed;
const vitest = await startVitest('test', ['test/load/fuzz.test.ts'], {
  config: 'vitest.load.config.ts',
  watch: false,
});
await vitest.close();
