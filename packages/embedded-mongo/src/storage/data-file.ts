import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { EmbeddedMongoError } from '../embedded-mongo-error.ts';

/**
 * LMDB trusts its meta pages: a file that is no database would end the process.
 * @see https://github.com/kriszyp/lmdb-js/blob/v3.5.6/dependencies/lmdb/libraries/liblmdb/mdb.c (MDB_meta)
 */
const meta = {
  bytes: 160,
  magicAt: 24,
  magic: 0xbeefc0de,
  pageSizeAt: 48,
  lastPageAt: 144,
  transactionAt: 152,
} as const;
const maxPageSize = 65_536;

/**
 * LMDB maps the file into memory, where reading beyond its end would end the process: a shorter one is padded with
 * zeros.
 * @returns whether it was too short, so that all of it has to be checked
 * @throws EmbeddedMongoError `damaged` if it is no database
 */
export function checkDataFile(path: string): boolean {
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    if (size === 0) return false;
    const first = readMeta(file, 0);
    const pageSize = first?.readUInt32LE(meta.pageSizeAt) ?? 0;
    const second = pageSize > 0 && pageSize <= maxPageSize ? readMeta(file, pageSize) : undefined;
    if (first === undefined || second === undefined) throw damaged(path, 'It is not a database');
    const newest =
      first.readBigUInt64LE(meta.transactionAt) > second.readBigUInt64LE(meta.transactionAt) ? first : second;
    const wanted = (Number(newest.readBigUInt64LE(meta.lastPageAt)) + 1) * pageSize;
    if (size >= wanted) return false;
    if (wanted > size + maxMissingBytes) throw damaged(path, 'It is too short');
    ftruncateSync(file, wanted);
    return true;
  } finally {
    closeSync(file);
  }
}

/** An intact file never lacks more than this. */
const maxMissingBytes = 2 ** 32;

function readMeta(file: number, at: number): Buffer | undefined {
  const bytes = Buffer.alloc(meta.bytes);
  const isWhole = readSync(file, bytes, 0, meta.bytes, at) === meta.bytes;
  return isWhole && bytes.readUInt32LE(meta.magicAt) === meta.magic ? bytes : undefined;
}

export function damaged(path: string, reason: string, cause?: unknown): EmbeddedMongoError {
  return new EmbeddedMongoError(
    'damaged',
    `${path} is damaged: ${reason}. Restore it from a backup, or remove the folder to start over.`,
    { cause },
  );
}
