import type { Logger } from 'pino';
import { createLogger } from '../../src/ops/log.ts';

/** A logger that keeps its lines, as text. */
export function createMemoryLog(
  level = 'debug',
  secrets: readonly string[] = [],
): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const logger = createLogger({ level, secrets, destination: { write: (line) => void lines.push(line) } });
  return { logger, lines };
}
