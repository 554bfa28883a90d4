import { signatureHeaders } from './signing.ts';

export interface AppAnswer {
  /** 0 if the app did not answer in time, or could not be reached. */
  status: number;
  body: string;
  /** The app asked not to get it again (`X-Slack-No-Retry: 1`). */
  noRetry?: boolean;
  error?: unknown;
}

/** `delayMs` is how much later than now a request is signed. */
export interface AppClient {
  postJson(payload: object, headers?: Record<string, string>, delayMs?: number): Promise<AppAnswer>;
  /** A form with JSON in its field `payload`. */
  postForm(payload: object, delayMs?: number): Promise<AppAnswer>;
}

/**
 * @param address evaluated for each request
 * @param signingSecret signs by the real clock, since Bolt compares with its own
 */
export function createAppClient(
  address: () => string,
  signingSecret: string,
  answerTimeoutMs: number,
): AppClient {
  async function post(
    contentType: string,
    body: string,
    {
      headers = {},
      delayMs = 0,
    }: { headers?: Record<string, string> | undefined; delayMs?: number | undefined },
  ) {
    const url = address();
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          ...signatureHeaders(signingSecret, body, Date.now() + delayMs),
          'content-type': contentType,
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          ...headers,
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      const noRetry = response.headers.get('x-slack-no-retry') === '1';
      return { status: response.status, body: await response.text(), ...(noRetry && { noRetry }) };
    } catch (error) {
      return { status: 0, body: '', error };
    }
  }
  return {
    postJson: (payload, headers, delayMs) =>
      post('application/json', JSON.stringify(payload), { headers, delayMs }),
    // Bolt treats every other content type as JSON.
    postForm: (payload, delayMs) =>
      post(
        'application/x-www-form-urlencoded',
        new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
        { delayMs },
      ),
  };
}
