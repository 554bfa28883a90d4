// Loaded into a process of the app before its own code (`node --import`). It shifts the process's wall clock by
// CLOCK_SHIFT_MS, and has its requests to Slack say which process they come from, SENDER. The product knows of neither.
import { subscribe } from 'node:diagnostics_channel';

const shift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
const realNow = Date.now.bind(Date);
const shiftedNow = () => realNow() + shift;

if (shift !== 0) {
  Date.now = shiftedNow;
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [shiftedNow()] : args, newTarget),
    apply: (target) => new target(shiftedNow()).toString(),
  });
}

// https://undici.nodejs.org/#/docs/api/DiagnosticsChannel?id=undicirequestcreate
subscribe('undici:request:create', (message) => {
  const { SENDER } = process.env;
  if (SENDER !== undefined) message.request.addHeader('user-agent', SENDER);
});
