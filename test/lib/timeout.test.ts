import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFetchWithTimeout } from '../../src/lib/timeout.ts';

const mebibyte = 1024 * 1024;
const server = createServer((req, res) => {
  const body = Buffer.alloc(Number(req.headers['x-bytes']), ' ');
  if (req.headers['x-packed'] === undefined) res.writeHead(201).end(body);
  else res.writeHead(201, { 'content-encoding': 'gzip' }).end(gzipSync(body));
});
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterAll(() => server.close());

const read = async (headers: Record<string, string>) => {
  const answer = await createFetchWithTimeout()(url, { headers });
  return { status: answer.status, length: (await answer.text()).length };
};

test('an answer of up to 2 MiB is read', async () => {
  expect(await read({ 'x-bytes': String(2 * mebibyte) })).toEqual({ status: 201, length: 2 * mebibyte });
  expect(await read({ 'x-bytes': '0' })).toEqual({ status: 201, length: 0 });
});

test.each([{}, { 'x-packed': 'yes' }])('a longer one fails, whatever it is packed in: %o', async (packed) => {
  const longer = { 'x-bytes': String(3 * mebibyte), ...packed };
  await expect(read(longer)).rejects.toThrow('longer than any of Slack');
});
