import { readFileSync } from 'node:fs';

/** The variables whose value may stand in a file instead, named by `<NAME>_FILE`. */
export const secretVariables = [
  'SLACK_CLIENT_SECRET',
  'SLACK_SIGNING_SECRET',
  'PERLY_SECRETS',
  'PERLY_TOKEN_SECRETS',
  'PERLY_NOTIFY_SECRETS',
  'APP_SECRETS',
  'MONGODB_URI',
] as const;

/**
 * Replaces each `<NAME>_FILE` by what its file holds. The faults name no path: somebody may have put the secret itself
 * there.
 *
 * @returns the variables with those from files, and for each variable that is wrong, why
 */
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
    try {
      const value = readFileSync(path, 'utf8').trim();
      if (value === '') faults.set(name, `${name}_FILE names an empty file.`);
      else values[name] = value;
    } catch (error) {
      faults.set(name, `${name}_FILE cannot be read: ${reasonOf(error)}.`);
    }
  }
  return { values, faults };
}

/** Node's message without the path: `ENOENT: no such file or directory`. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '.*)?$/s, '') : 'unknown';
}
