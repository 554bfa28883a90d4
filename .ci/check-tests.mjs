// Refuses tests that depend on the speed of the machine; part of `npm run lint`. The limits in vitest.config.ts are for
// hangs, and what a test waits for is a condition. Load tests and the fault suite are about time and are left out.
import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const patterns = {
  'a timeout of its own': /\btimeout: \d|^ *\}, \d[\d_]{4,}\);/,
  'a limit for messages': /waitForMessages\(.*, \d[\d_]{3,}\b/,
  'a sleep': /\bsetTimeout\(|setTimeout as/,
};

const found = ['test', 'packages']
  .flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true }).map((path) => `${folder}/${path}`),
  )
  .filter((path) => path.endsWith('.test.ts') && !/\/(?:load|faults|node_modules)\//.test(path))
  .flatMap((path) =>
    readFileSync(new URL(path, root), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        Object.entries(patterns)
          .filter(([, pattern]) => pattern.test(line))
          .map(([what]) => `${path}:${index + 1} has ${what}: ${line.trim()}`),
      ),
  );
for (const line of found) process.stderr.write(`${line}\n`);
process.exitCode = found.length === 0 ? 0 : 1;
