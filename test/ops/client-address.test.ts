import express from 'express';
import { expect, test } from 'vitest';
import { listen } from '../../sandbox/slack/server.ts';
import { createClientAddress } from '../../src/ops/address-limit.ts';

const headers = [
  undefined,
  '192.0.2.1',
  '192.0.2.1, 192.0.2.2',
  ' 192.0.2.1 ,192.0.2.2,192.0.2.3 ',
  '192.0.2.1,, 2001:db8::1',
  ', ,',
];

test.each([
  [0, 1],
  [1, 5],
  [2, 3],
  [5, 2],
])('with %i proxies, the address of a client is the one that Express reads', async (hops, different) => {
  const read = createClientAddress(hops);
  const web = express().set('trust proxy', hops);
  web.get('/', (req, res) => void res.json([read(req), req.ip]));
  const server = await listen(web, 0);
  const answers = await Promise.all(
    headers.map(async (header) => {
      const answer = await fetch(server.origin, {
        headers: header === undefined ? {} : { 'x-forwarded-for': header },
      });
      return (await answer.json()) as [string, string];
    }),
  );
  await server.close();
  expect(answers.map(([ours]) => ours)).toEqual(answers.map(([, theirs]) => theirs));
  expect(new Set(answers.map(([ours]) => ours)).size).toBe(different);
});
