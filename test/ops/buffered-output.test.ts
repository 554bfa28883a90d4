import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bufferOutput } from '../../src/ops/buffered-output.ts';
import { createLogger } from '../../src/ops/log.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setup() {
  const writes: string[] = [];
  const output = bufferOutput({ write: (text) => writes.push(text) });
  const logger = createLogger({ level: 'debug', destination: output });
  const messages = () =>
    writes.map((text) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).msg),
    );
  return { logger, output, messages };
}

describe('the buffered output', () => {
  test('writes the lines of a moment together', () => {
    const { logger, messages } = setup();
    logger.info('one');
    logger.debug('two');
    vi.advanceTimersByTime(99);
    expect(messages()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(messages()).toEqual([['one', 'two']]);
    logger.info('three');
    vi.advanceTimersByTime(100);
    expect(messages()).toEqual([['one', 'two'], ['three']]);
  });

  test.each(['warn', 'error', 'fatal'] as const)(
    'writes a line of %s at once, after those before it',
    (level) => {
      const { logger, messages } = setup();
      logger.info('before');
      logger[level]('now');
      expect(messages()).toEqual([['before', 'now']]);
      vi.advanceTimersByTime(1000);
      expect(messages()).toHaveLength(1);
    },
  );

  test('does not wait once there is much to write', () => {
    const { logger, messages } = setup();
    logger.info({ field: 'x'.repeat(10_000) }, 'one');
    logger.info({ field: 'x'.repeat(10_000) }, 'two');
    expect(messages()).toEqual([['one', 'two']]);
  });

  test('writes what still waits at the end', () => {
    const { logger, output, messages } = setup();
    output.flush();
    logger.info('last');
    output.flush();
    output.flush();
    expect(messages()).toEqual([['last']]);
  });
});
