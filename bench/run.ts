import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { engineUri } from './engine.ts';
import { occupyCore } from './load/occupy-core.ts';
import { startSink } from './load/sink.ts';
import type { BenchOptions } from './options.ts';
import { batches } from './scenarios/batches.ts';
import { commands } from './scenarios/commands.ts';
import { fairness } from './scenarios/fairness.ts';
import { channels, million } from './scenarios/flat.ts';
import { latency } from './scenarios/latency.ts';
import { peers, peersSustained } from './scenarios/peers.ts';
import { processes } from './scenarios/processes.ts';
import { start } from './scenarios/start.ts';
import { sustained } from './scenarios/sustained.ts';

// bench/README.md explains what is measured, and how to read it.

const scenarios = {
  latency,
  sustained,
  batches,
  channels,
  million,
  processes,
  fairness,
  start,
  opening,
  commands,
  peers,
  'peers-sustained': peersSustained,
};

/** Runs the app from source in its own process, since it advances the clock. */
async function opening(): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/digest-opening.ts'], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`bench/digest-opening.ts ended with ${code}`);
}

function isScenario(name: string): name is keyof typeof scenarios {
  return name in scenarios;
}

const { positionals: asked, values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    'busy-core': { type: 'boolean', default: false },
  },
});
const options: BenchOptions = { rounds: Number(values.rounds), only: values.only?.split(',') };
const unknown = asked.filter((name) => !isScenario(name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are: ${Object.keys(scenarios).join(', ')}.`);
  process.exit(1);
}
const names =
  asked.length > 0 ? asked.filter(isScenario) : (Object.keys(scenarios) as (keyof typeof scenarios)[]);

const sink = await startSink();
const release = values['busy-core'] ? occupyCore() : undefined;
const engine = engineUri === undefined ? 'The embedded store' : 'The engine of MONGODB_URI';
console.log(`## ${engine}${release === undefined ? '' : ', with one core busy'}`);
for (const name of names) await scenarios[name](sink, options);
release?.();
sink.close();
process.exit(0);
