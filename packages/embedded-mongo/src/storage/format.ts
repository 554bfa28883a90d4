import { EmbeddedMongoError } from '../embedded-mongo-error.ts';
import { storeKey, storeRange } from './keys.ts';
import type { Storage } from './storage.ts';

/** Incremented with any change of the keys or of the catalog's records. */
const formatVersion = 1;

const formatKey = storeKey(0, Buffer.from('v'));

/** @throws EmbeddedMongoError `unsupported_format` if another version of this package wrote the data */
export function assertFormat(storage: Storage, folder: string): void {
  const found = storage.get(formatKey)?.readUInt32BE(0);
  const isNew = found === undefined && storage.scan(storeRange(0)).next().done === true;
  if (found === formatVersion || isNew) return;
  throw new EmbeddedMongoError(
    'unsupported_format',
    found === undefined
      ? `${folder} was written by a version of embedded-mongo from before its first release. Use another folder.`
      : `${folder} was written by a newer version of embedded-mongo: format ${found}, and this version reads ${formatVersion}. Use that version, or another folder.`,
  );
}

/** Called once this process owns the folder. */
export function writeFormat(storage: Storage): void {
  const version = Buffer.alloc(4);
  version.writeUInt32BE(formatVersion);
  storage.write(() => storage.put(formatKey, version));
}
