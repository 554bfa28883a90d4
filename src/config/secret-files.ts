import { readFileSync, statSync } from 'node:fs';

export const secretVariables = [
  'SLACK_CLIENT_SECRET',
  'SLACK_SIGNING_SECRET',
  'PERLY_SECRETS',
  'PERLY_TOKEN_SECRETS',
  'PERLY_NOTIFY_SECRETS',
  'APP_SECRETS',
  'MONGODB_URI',
] as const;

const maxFileBytes = 64 * 1024;

/** Errors name no path: somebody may have put the secret itself there. */
export function readSecretFiles(given: Readonly<Record<string, string>>): {
  values: Record<string, string>;
  faults: Map<string, string>;
} {
  const values: Record<string, string> = { ...given };
  const faults = new Map<string, string>();
  for (const name of secretVariables) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    if (given[name] !== undefined) {
      faults.set(name, `${name} and ${name}_FILE are both set. Set one of them.`);
      continue;
    }
    const read = readSecretFile(path);
    if ('fault' in read) faults.set(name, `${name}_FILE ${read.fault}.`);
    else values[name] = read.value;
  }
  return { values, faults };
}

/** Refuses pipes and devices: reading one would block the start. */
function readSecretFile(path: string): { value: string } | { fault: string } {
  try {
    const file = statSync(path);
    if (!file.isFile()) return { fault: 'does not name a regular file' };
    if (file.size > maxFileBytes) return { fault: 'names a file larger than 64 KiB' };
    const value = readFileSync(path, 'utf8').trim();
    return value === '' ? { fault: 'names an empty file' } : { value };
  } catch (error) {
    return { fault: `cannot be read: ${reasonOf(error)}` };
  }
}

/** Leaves out the path: `ENOENT: no such file or directory`. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '.*)?$/s, '') : 'unknown';
}
