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

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
      'busy-core': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

function exitWithUsage(problem?: string): never {
  if (problem !== undefined) console.error(problem);
  console.error(`npm run bench -- [${Object.keys(scenarios).join(' | ')}]… [--rounds 3] [--only a,b] [--busy-core]
bench/README.md explains them.`);
  process.exit(problem === undefined ? 0 : 1);
}

function parseOrExit(): ReturnType<typeof readArguments> {
  try {
    return readArguments();
  } catch (error) {
    return exitWithUsage(error instanceof Error ? error.message : String(error));
  }
}

const { positionals: asked, values } = parseOrExit();
if (values.help) exitWithUsage();
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) exitWithUsage('--rounds takes a whole number from 1 up.');
const options: BenchOptions = { rounds, only: values.only?.split(',') };
const unknown = asked.filter((name) => !isScenario(name));
if (unknown.length > 0) exitWithUsage(`There is no ${unknown.join(', ')}.`);
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
