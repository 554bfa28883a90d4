// Loaded into a process of the app (`node --import`), which it kills right after the write number DIE_AFTER_WRITE that
// records something whose ids contain DIE_OF. The app knows neither.
import { Collection } from 'mongodb';

const { DIE_OF: name = '', DIE_AFTER_WRITE } = process.env;
let left = Number(DIE_AFTER_WRITE);

/** Events, deliveries, and the counts of what is not repeated. */
const isRecording = (method, write) =>
  write.includes(name) && (method === 'insertMany' || write.includes('repeat.isCounting'));

for (const method of ['insertMany', 'updateMany']) {
  const real = Collection.prototype[method];
  Collection.prototype[method] = async function (...args) {
    const result = await real.apply(this, args);
    if (isRecording(method, JSON.stringify(args.slice(0, 2))) && --left === 0)
      process.kill(process.pid, 'SIGKILL');
    return result;
  };
}
