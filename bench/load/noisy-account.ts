import { setTimeout as wait } from 'node:timers/promises';
import { Agent } from 'undici';
import { signedRequest } from '../subjects/bare.ts';
import { eventFor } from './sample.ts';

// Posts for one account until it is stopped: batch after batch, each `everyMs` after the beginning of the one before, or as
// soon as that is answered. A process of its own, so that it does not hold up the clock of whoever measures.

const [accountId = '', batch = '1', everyMs = '0'] = process.argv.slice(2);
const { ORIGIN: origin = '', SECRET: secret = '' } = process.env;
const agent = new Agent({ connections: 1 });

/** Numbers that no other load comes to, nor another process of this kind. */
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
