import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import { bufferOutput } from './buffered-output.ts';
import { createRedactor, redactText } from './redact-text.ts';
import { toFields, toLoggable, toMessage } from './to-loggable.ts';

/** Fields pass through `toLoggable`, and every finished line through `redactText`. */
export function createLogger(options: {
  level: string;
  secrets?: readonly string[];
  destination?: DestinationStream;
}): Logger {
  const redact = createRedactor(options.secrets ?? []);
  const settings: LoggerOptions = {
    level: options.level,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: (fields) => toFields(fields) },
    // Pino's own serialiser logs everything that an error carries. This one is for the fields of child loggers.
    serializers: { err: (error) => toLoggable(error) },
    hooks: { streamWrite: (line) => redact(redactText(line)) },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

/** The log of a process on its standard output, complete when the process exits. */
export function createProcessLogger(options: { level: string; secrets: readonly string[] }): Logger {
  const output = bufferOutput(pino.destination());
  process.on('exit', output.flush);
  return createLogger({ ...options, destination: output });
}

/** Slack's clients log their requests and the answers, in which a webhook's URL or a secret may have any form. */
const contents = /^(http request (?:body|headers|result): ).*$/s;

/** @param isExpected whether an error needs no attention and is logged at `info` */
export function boltLogger(logger: Logger, isExpected: (error: Error) => boolean = () => false): BoltLogger {
  const writer =
    (level: LogLevel) =>
    (...parts: unknown[]) => {
      const text = parts.filter((part) => typeof part !== 'object').join(' ');
      const err = parts.find((part) => part instanceof Error);
      if (err !== undefined && parts.length === 1 && isExpected(err)) {
        logger.info({ error: 'code' in err ? err.code : err.name }, toMessage(err));
        return;
      }
      const details = parts.filter((part) => typeof part === 'object' && part !== err);
      const fields = { ...(err && { err }), ...(details.length > 0 && { details }) };
      const message = text === '' && err !== undefined ? toMessage(err) : text;
      logger[level](fields, message.replace(contents, '$1[redacted]'));
    };
  return {
    debug: writer(LogLevel.DEBUG),
    info: writer(LogLevel.INFO),
    warn: writer(LogLevel.WARN),
    error: writer(LogLevel.ERROR),
    getLevel: () => toLogLevel(logger.level),
    // Bolt sets `info` if it was given no level: only LOG_LEVEL decides.
    setLevel() {},
    // Bolt's clients share this logger, and the last name would appear on all their lines.
    setName() {},
  };
}

function toLogLevel(level: string): LogLevel {
  if (level === 'trace' || level === 'debug') return LogLevel.DEBUG;
  if (level === 'info') return LogLevel.INFO;
  return level === 'warn' ? LogLevel.WARN : LogLevel.ERROR;
}
