import {
  chmodSync,
  closeSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { EmbeddedMongoError } from './embedded-mongo-error.ts';

/**
 * With the bytes that have to be there before LMDB opens them: it maps the lock into memory, and a disk that is too full
 * for it would end the process.
 */
const files = { 'data.mdb': 0, 'lock.mdb': 12_288 };

/**
 * Only their owner can read them afterwards; but the folder of another user, a shared one such as /tmp, or one behind
 * a symbolic link keeps its mode.
 * @throws EmbeddedMongoError `not_writable`, or `is_link` if one of the files is a symbolic link: whoever created it
 * could choose the file that is restricted and written to
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stat = lstatSync(folder);
    const isShared = (stat.mode & 0o1000) !== 0;
    if (stat.isDirectory() && !isShared && stat.uid === process.geteuid?.()) chmodSync(folder, 0o700);
    for (const [name, bytes] of Object.entries(files)) prepareFile(join(folder, name), bytes);
  } catch (error) {
    throw error instanceof EmbeddedMongoError ? error : notWritable(folder, error);
  }
}

export function notWritable(folder: string, cause: unknown): EmbeddedMongoError {
  return new EmbeddedMongoError(
    'not_writable',
    `The database in ${folder} cannot be written (${String(cause)}). Free space or make the folder writable, or use another one.`,
    { cause },
  );
}

function prepareFile(path: string, bytes: number): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new EmbeddedMongoError(
      'is_link',
      `${path} is a symbolic link. Use the folder that holds the file itself.`,
    );
  const file = openSync(path, 'a', 0o600);
  try {
    fchmodSync(file, 0o600);
    const { size } = fstatSync(file);
    if (size < bytes) writeSync(file, Buffer.alloc(bytes - size));
  } finally {
    closeSync(file);
  }
}
