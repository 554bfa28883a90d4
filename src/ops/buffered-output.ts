import type { DestinationStream } from 'pino';

const maxDelayMs = 100;

/** Characters that are written without waiting for more. */
const maxLength = 16 * 1024;

const mayWait = /^\{"level":"(?:info|debug|trace)"/;

type BufferedOutput = DestinationStream & {
  /** Writes everything, for the end of the process. */
  flush(): void;
};

/**
 * A write to a pipe costs more than the line itself. A warning or an error is written immediately, with all lines
 * before it.
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
