import { readFileSync } from 'node:fs';

/** Clock ticks per second in /proc, on every Linux. */
const ticksPerSecond = 100;

/** CPU time of processes so far, over all threads. Milliseconds, to 10 ms. Linux only. */
export function cpuMsOf(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may contain spaces; utime and stime are the 14th and 15th fields.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
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
