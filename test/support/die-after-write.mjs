// Loaded into a process of the app (`node --import`), which it kills right after the write number DIE_AFTER_WRITE that
// records something whose ids contain DIE_OF. The app knows neither.
import { Collection, MongoClient } from 'mongodb';

const { DIE_OF: name = '', DIE_AFTER_WRITE } = process.env;
let left = Number(DIE_AFTER_WRITE);

/** Events, deliveries, and the counts of what is not repeated. */
const isRecording = (method, write) =>
  write.includes(name) && (method === 'insertMany' || write.includes('repeat.isCounting'));

function onDone(isRecorded) {
  if (isRecorded && --left === 0) process.kill(process.pid, 'SIGKILL');
}

// Events and their deliveries are two writes of it, as on an engine on which a process can die between them.
const { bulkWrite } = MongoClient.prototype;
MongoClient.prototype.bulkWrite = async function (models, options) {
  const ofEvents = models.filter(({ namespace }) => namespace.endsWith('.events')).length;
  let insertedCount = 0;
  for (const part of [models.slice(0, ofEvents), models.slice(ofEvents)]) {
    if (part.length === 0) continue;
    insertedCount += (await bulkWrite.call(this, part, options)).insertedCount;
    onDone(JSON.stringify(part).includes(name));
  }
  return { insertedCount };
};

for (const method of ['insertMany', 'updateMany']) {
  const real = Collection.prototype[method];
  Collection.prototype[method] = async function (...args) {
    const result = await real.apply(this, args);
    onDone(isRecording(method, JSON.stringify(args.slice(0, 2))));
    return result;
  };
}
