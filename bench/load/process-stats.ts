import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in /proc, on every Linux. */
const ticksPerSecond = 100;

/** CPU time of processes so far, over all threads. Milliseconds, to 10 ms. Linux only. */
export function cpuMsOf(pids: readonly number[]): number {
  return toMs(pids.map((pid) => readStat(pid)?.ticks ?? 0));
}

/** CPU time of processes and their descendants, including those that have ended. Milliseconds, to 10 ms. Linux only. */
export function treeCpuMsOf(roots: readonly number[]): number {
  if (roots.length === 0) return 0;
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
  const tree = new Set(roots);
  // A set yields what is added during the iteration.
  for (const root of tree) for (const { pid, parent } of stats) if (parent === root) tree.add(pid);
  return toMs(stats.filter(({ pid }) => tree.has(pid)).map(({ ticks, endedTicks }) => ticks + endedTicks));
}

type Stat = { pid: number; parent: number; ticks: number; endedTicks: number };

/** `undefined` once the process has ended. */
function readStat(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may contain spaces. The parent is the 4th field; utime, stime, and both of the children
    // that have ended, are the 14th to 17th.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0] = fields.slice(1);
    return { pid, parent, ticks: sum(fields.slice(11, 13)), endedTicks: sum(fields.slice(13, 15)) };
  } catch {
    return undefined;
  }
}

function toMs(ticks: readonly number[]): number {
  return (sum(ticks) / ticksPerSecond) * 1000;
}

/** Peak memory of processes, summed. Megabytes. Linux only. */
export function peakMemoryOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) =>
    Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0),
  );
  return Math.round(sum(kilobytes) / 1024);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
