import { setTimeout as wait } from 'node:timers/promises';
import { Agent } from 'undici';
import { signedRequest } from '../subjects/bare.ts';
import { eventFor } from './sample.ts';

// Posts for one account until stopped: batch after batch, each `everyMs` after the start of the previous one, or when
// that is answered. In its own process, so that it does not delay the clock of the measurement.

const [accountId = '', batch = '1', everyMs = '0'] = process.argv.slice(2);
// A process of its own: it gets its settings from the one that starts it.
const { ORIGIN: origin = '', SECRET: secret = '' } = process.env;
const agent = new Agent({ connections: 1 });

/** Numbers that no other load uses, nor another process of this kind. */
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
