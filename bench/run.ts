import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { engineUri } from './engine.ts';
import { startSink } from './load/sink.ts';
import { batches } from './scenarios/batches.ts';
import { fairness } from './scenarios/fairness.ts';
import { channels, million } from './scenarios/flat.ts';
import { latency } from './scenarios/latency.ts';
import { processes } from './scenarios/processes.ts';
import { sustained } from './scenarios/sustained.ts';

// bench/README.md explains what is measured, and how to read it.

const scenarios = { latency, sustained, batches, channels, million, processes, fairness, opening };

/** It advances the clock, and so runs the app from source in its own process. */
async function opening(): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/digest-opening.ts'], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`bench/digest-opening.ts ended with ${code}`);
}

function isScenario(name: string): name is keyof typeof scenarios {
  return name in scenarios;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !isScenario(name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are: ${Object.keys(scenarios).join(', ')}.`);
  process.exit(1);
}
const names =
  asked.length > 0 ? asked.filter(isScenario) : (Object.keys(scenarios) as (keyof typeof scenarios)[]);

const sink = await startSink();
console.log(`## ${engineUri === undefined ? 'The embedded store' : 'The engine of MONGODB_URI'}`);
for (const name of names) await scenarios[name](sink);
sink.close();
process.exit(0);
