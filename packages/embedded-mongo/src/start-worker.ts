import { Worker } from 'node:worker_threads';

/**
 * Starts the thread from `worker.js` beside the compiled code, or from `worker.ts` beside the source. Node 20 runs no
 * TypeScript, and a thread does not inherit the loader of whoever runs the source (tsx, vitest), so there it begins
 * with a line that brings tsx. `execArgv: ['--import', 'tsx']` does not do: tsx minds it in a main thread only.
 */
export function startWorker(workerData: unknown): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  if (!isSource) return new Worker(new URL('./worker.js', import.meta.url), { workerData });
  const loader = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./worker.ts', import.meta.url);
  const first = `import { register } from '${loader}'; register(); await import('${entry}');`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(first)}`), {
    workerData,
    execArgv: [],
  });
}
