/** How long Slack may take to answer. Milliseconds. */
const defaultTimeoutMs = 10_000;

/**
 * `fetch` that gives up on a server that does not answer: Bolt sets no limit where it answers a click, and a process
 * that stops waits for these answers. Nor does it follow a redirect: what is meant for Slack is for nobody else.
 *
 * @throws DOMException `TimeoutError` after `ms` milliseconds
 */
export function createFetchWithTimeout(ms = defaultTimeoutMs): typeof fetch {
  return (input, init) => {
    const limit = AbortSignal.timeout(ms);
    return fetch(input, {
      ...init,
      redirect: 'error',
      signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit,
    });
  };
}
