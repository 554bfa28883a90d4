import type { Dispatcher } from 'undici';
import { Agent, buildConnector, request } from 'undici';
import { isOnOrigin } from '../../lib/is-on-origin.ts';
import type { WebhookMessage } from '../../messages/webhook-message.ts';

/** Header names are in lower case. */
export type WebhookResponse = {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
};

export type WebhookAnswer =
  | ({ kind: 'answered' } & WebhookResponse)
  /** Slack may have accepted the message: a timeout or a reset. `code` is the system's. */
  | { kind: 'lost'; code: string }
  /** No connection was made, so the message was not accepted. */
  | { kind: 'unreachable'; code: string };

export type WebhookClient = {
  post(url: string, message: WebhookMessage): Promise<WebhookAnswer>;
  close(): Promise<void>;
};

/** A longer answer does not come from Slack's webhooks. Characters. */
const maxBodyLength = 2000;

/** Slack answers within a second; after this long, retrying is better than waiting. */
export const maxPostMs = 10_000;

/** The time includes the TLS handshake. */
const connectTimeoutMs = 5000;

class ConnectError extends Error {}

/**
 * Posts over kept-alive connections, without following redirects.
 * @param origins the allowed origins
 * @param timeoutMs how long a POST may take, from the connection to the last byte of the answer
 */
export function createWebhookClient(options: {
  origins: readonly string[];
  connections: number;
  timeoutMs?: number;
}): WebhookClient {
  const { timeoutMs = maxPostMs } = options;
  const agent = new Agent({
    connections: options.connections,
    keepAliveTimeout: 60_000,
    connect: createConnector(),
  });

  return {
    async post(url, message) {
      if (!isOnOrigin(url, options.origins)) return { kind: 'unreachable', code: 'origin_not_allowed' };
      // Not `AbortSignal.timeout`, whose timer stays for its full time, however soon the answer comes.
      const overdue = new AbortController();
      const timer = setTimeout(() => overdue.abort(tookTooLong()), timeoutMs);
      try {
        const response = await request(url, {
          method: 'POST',
          dispatcher: agent,
          signal: overdue.signal,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify(message),
        });
        return {
          kind: 'answered',
          status: response.statusCode,
          headers: response.headers,
          body: await readBody(response, overdue.signal),
        };
      } catch (error) {
        return { kind: error instanceof ConnectError ? 'unreachable' : 'lost', code: systemCode(error) };
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => agent.close(),
  };
}

/** The default connector, with its errors distinguishable from those of an established connection. */
function createConnector(): buildConnector.connector {
  const connect = buildConnector({ timeout: connectTimeoutMs });
  return (options, callback) =>
    connect(options, (...[error, socket]) =>
      error === null
        ? callback(null, socket)
        : callback(new ConnectError('No connection was made.', { cause: error }), null),
    );
}

async function readBody(response: Dispatcher.ResponseData, overdue: AbortSignal): Promise<string> {
  let body = '';
  try {
    for await (const chunk of response.body) {
      body += String(chunk);
      if (body.length > maxBodyLength) break;
    }
  } catch (error) {
    // The status of an error says enough. One that took too long has to pause the channel.
    if (response.statusCode < 300 || overdue.aborted) throw error;
    return '';
  }
  // A text that was cut off is neither empty nor Slack's `ok`, whatever it begins with.
  return body.length > maxBodyLength ? `${body.slice(0, maxBodyLength)}…` : body.trim();
}

function tookTooLong(): DOMException {
  return new DOMException('Slack took too long.', 'TimeoutError');
}

/** Returns a code such as `ECONNRESET`, never the error's text, which may contain the URL. */
function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'UNKNOWN';
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'TIMEOUT';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? systemCode(error.cause) : 'UNKNOWN';
}
