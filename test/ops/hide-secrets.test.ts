import { expect, test } from 'vitest';
import { createMemoryLog } from './memory-log.ts';

test('secrets of the settings are in no line, wherever they appear', () => {
  const odd = 'a"b\\c+/=$&.(x';
  const { logger, lines } = createMemoryLog('info', ['client-secret', odd, 'client-secret-2', 'short']);
  logger.info({ at: `x${odd}y`, both: ['client-secret-2', 'client-secret'] }, 'short of client-secret');
  expect(JSON.parse(lines.join())).toMatchObject({
    at: 'x[redacted]y',
    both: ['[redacted]', '[redacted]'],
    msg: 'short of [redacted]',
  });
});
