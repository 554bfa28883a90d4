// Loaded into a process of the app (`node --import`). Shifts its wall clock by CLOCK_SHIFT_MS, and adds its SENDER to
// its requests to Slack. The app knows neither.
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
