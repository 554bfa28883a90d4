import type { DestinationStream } from 'pino';

/** A line waits at most this long for others. Milliseconds. */
const maxDelayMs = 100;

/** Characters that are written without waiting for more. */
const maxLength = 16 * 1024;

/** The start of a line that may wait. */
const mayWait = /^\{"level":"(?:info|debug|trace)"/;

export type BufferedOutput = DestinationStream & {
  /** Writes what still waits, for the end of the process. */
  flush(): void;
};

/**
 * Writes many lines of the log at once: a write to a pipe costs more than the line itself. A warning or an error is
 * written immediately, with all lines before it.
 */
export function bufferOutput(output: { write(text: string): unknown }): BufferedOutput {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    output.write(text);
  }

  return {
    write(line) {
      waiting += line;
      if (waiting.length >= maxLength || !mayWait.test(line)) flush();
      else timer ??= setTimeout(flush, maxDelayMs).unref();
    },
    flush,
  };
}
