import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedMongoError } from './embedded-mongo-error.ts';

/** The files that lmdb makes. */
const fileNames = ['data.mdb', 'lock.mdb'];

/**
 * Makes the folder, and lets only its owner read it and the files of the storage, also where they were there before.
 * A folder of somebody else, such as a mounted volume, one that is shared by design, such as /tmp, or one that a symbolic
 * link leads to keeps its mode: there the files are restricted alone.
 *
 * @throws EmbeddedMongoError `is_link` when one of the files is a symbolic link: whoever made it would choose what file is
 * restricted and written to
 */
export function restrictFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  const isShared = (stat.mode & 0o1000) !== 0;
  if (stat.isDirectory() && !isShared && stat.uid === process.geteuid?.()) chmodSync(folder, 0o700);
  for (const name of fileNames) {
    const path = join(folder, name);
    const file = lstatSync(path, { throwIfNoEntry: false });
    if (file?.isSymbolicLink() === true)
      throw new EmbeddedMongoError(
        'is_link',
        `${path} is a symbolic link. Use the folder that holds the file itself.`,
      );
    if (file !== undefined) chmodSync(path, 0o600);
  }
}
