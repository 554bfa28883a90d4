export type ApiAnswer = { status: number; type: string; etag: string | null; body: Record<string, unknown> };

/** A string body is sent unchanged. */
export type ApiClient = (
  method: string,
  path: string,
  options?: { body?: unknown; ifMatch?: string; headers?: Record<string, string> },
) => Promise<ApiAnswer>;

export function createApiClient(appUrl: string, token: (path: string) => Promise<string>): ApiClient {
  return async (method, path, { body, ifMatch, headers = {} } = {}) => {
    const answer = await fetch(`${appUrl}${path}`, {
      method: method.toUpperCase(),
      headers: {
        authorization: `Bearer ${await token(path)}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      type: answer.headers.get('content-type')?.split(';')[0] ?? '',
      etag: answer.headers.get('etag'),
      body: text === '' ? {} : JSON.parse(text),
    };
  };
}
