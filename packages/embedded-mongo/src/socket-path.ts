import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes of a Unix socket's path: 108 with the end on Linux, 104 on macOS. @see unix(7) */
const maxPathLength = 103;

/**
 * A path for a new socket: in the folder where it fits, else in a new folder that only this user can enter.
 *
 * @returns the path, and the folder that was made for it
 */
export function newSocketPath(folder: string): { path: string; madeFolder: string | undefined } {
  const name = `store-${randomBytes(6).toString('hex')}.sock`;
  const path = join(folder, name);
  if (Buffer.byteLength(path) <= maxPathLength) return { path, madeFolder: undefined };
  const madeFolder = mkdtempSync(join(tmpdir(), 'perly-'));
  return { path: join(madeFolder, name), madeFolder };
}
