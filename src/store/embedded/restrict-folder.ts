import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files that lmdb makes. */
const fileNames = ['data.mdb', 'lock.mdb'];

/**
 * Makes the folder, and lets only its owner read it and the files of the storage, also where they were there before.
 * A folder of somebody else, such as a mounted volume, or one that is shared by design, such as /tmp, keeps its mode:
 * there the files are restricted alone.
 */
export function restrictFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { mode, uid } = statSync(folder);
  const isShared = (mode & 0o1000) !== 0;
  if (!isShared && uid === process.geteuid?.()) chmodSync(folder, 0o700);
  for (const name of fileNames) {
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) chmodSync(path, 0o600);
  }
}
