import { setTimeout as wait } from 'node:timers/promises';
import { Agent } from 'undici';
import { signedRequest } from '../subjects/bare.ts';
import { eventFor } from './sample.ts';

// Posts for one account until stopped: batch after batch, each `everyMs` after the start of the previous one, or when
// that is answered. It is a process of its own, so that it does not delay the measurement.

const [accountId = '', batch = '1', everyMs = '0'] = process.argv.slice(2);
// The secret is not an argument, since other users of the machine can read those.
const { ORIGIN: origin = '', SECRET: secret = '' } = process.env;
const agent = new Agent({ connections: 1 });

/** Unique among all loads and processes. */
let number = Date.now() * 1000;

async function post(): Promise<void> {
  const events = Array.from({ length: Number(batch) }, () => ({
    ...eventFor(0, number++),
    account_id: accountId,
  }));
  const { path, headers, body } = signedRequest(origin, secret, events);
  const answer = await agent.request({ origin, path, method: 'POST', headers, body });
  await answer.body.dump();
}

console.log(`${accountId} is posting`);
for (;;) {
  const began = performance.now();
  await post();
  await wait(Math.max(0, Number(everyMs) - (performance.now() - began)));
}
