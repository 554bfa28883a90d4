import fc from 'fast-check';

/** A request before it is signed. */
export type FuzzInput = {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
  /** Mostly `well`: other requests get no further. */
  signed: 'well' | 'badly' | 'not';
};

const types = [
  'application/json; charset=utf-8',
  'application/x-www-form-urlencoded; charset=utf-8',
  'application/cloudevents+json',
  'text/plain',
  'multipart/form-data',
  'application/json, text/html',
  ';;;',
];

/** Unusual headers; most requests have none. */
const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { arbitrary: fc.constant({}), weight: 20 },
  {
    arbitrary: fc.constantFrom<Record<string, string>>(
      ...types.map((type) => ({ 'content-type': type })),
      { 'content-encoding': 'gzip' },
      { 'content-encoding': 'br, deflate' },
      { 'accept-encoding': '*;q=0' },
      { accept: 'x'.repeat(4000) },
      { 'x-slack-retry-num': 'NaN', 'x-slack-retry-reason': '\u00ff' },
      { 'x-slack-request-timestamp': '-1' },
      { 'x-slack-signature': 'v0=' },
      { 'webhook-timestamp': '1e9' },
      { 'webhook-signature': 'v1, v1,= v1a,'.repeat(50) },
      { 'webhook-id': '$where' },
      { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
      { cookie: '=; __proto__=1; ;;a==b' },
      { 'x-forwarded-host': 'evil.example', forwarded: 'for=_x' },
      { 'x-http-method-override': 'DELETE' },
      { range: 'bytes=0-', 'if-match': '*' },
      { 'x-request-id': '\u00e9'.repeat(300) },
    ),
    weight: 3,
  },
);

const methods = ['PUT', 'PATCH', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PROPFIND'];

/** Requests to one route, with bodies of one kind. */
export function requestsTo(
  { method, path, headers }: Pick<FuzzInput, 'method' | 'path' | 'headers'>,
  body: fc.Arbitrary<Buffer>,
): fc.Arbitrary<FuzzInput> {
  return fc
    .record({
      body,
      odd: oddHeaders,
      otherMethod: fc.constantFrom(...methods),
      otherPath: fc.constantFrom('/', '//', '/%2e%2e', '?$where=1&__proto__[x]=1', '/%ff', '%00', ';a=b'),
      signed: fc.nat({ max: 19 }),
      bent: fc.nat({ max: 99 }),
    })
    .map(({ body, odd, otherMethod, otherPath, signed, bent }) => ({
      method: bent === 0 ? otherMethod : method,
      path: bent === 1 ? path + otherPath : path,
      headers: { ...headers, ...odd },
      body: bent === 0 && otherMethod === 'HEAD' ? undefined : body,
      signed: signed === 0 ? 'not' : signed === 1 ? 'badly' : 'well',
    }));
}
