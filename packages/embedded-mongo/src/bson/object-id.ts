import { randomBytes } from 'node:crypto';
import { bsonTypes, RawValue } from './value.ts';

const process = randomBytes(5);
let counter = randomBytes(3).readUIntBE(0, 3);

/** A new id: the time, this process, and a counter. @see https://www.mongodb.com/docs/manual/reference/bson-types/#objectid */
export function newObjectId(): RawValue {
  counter = (counter + 1) % 2 ** 24;
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(Math.floor(Date.now() / 1000), 0);
  process.copy(bytes, 4);
  bytes.writeUIntBE(counter, 9, 3);
  return new RawValue(bsonTypes.objectId, bytes);
}
