import { chmodSync, closeSync, fchmodSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedMongoError } from './embedded-mongo-error.ts';

const fileNames = ['data.mdb', 'lock.mdb'];

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
    for (const name of fileNames) prepareFile(join(folder, name));
  } catch (error) {
    if (error instanceof EmbeddedMongoError) throw error;
    throw new EmbeddedMongoError(
      'not_writable',
      `The database in ${folder} cannot be written (${String(error)}). Make the folder writable, or use another one.`,
      { cause: error },
    );
  }
}

function prepareFile(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new EmbeddedMongoError(
      'is_link',
      `${path} is a symbolic link. Use the folder that holds the file itself.`,
    );
  const file = openSync(path, 'a', 0o600);
  try {
    fchmodSync(file, 0o600);
  } finally {
    closeSync(file);
  }
}
