import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { secretVariables } from '../../src/config/secret-files.ts';
import { readConfig } from '../../src/config.ts';
import { environmentWithSecrets as env, faultsOf } from '../support/environment.ts';

describe('a secret from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perly-secrets-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(secretVariables)('%s', (name) => {
    const path = join(folder, name);
    writeFileSync(path, `${env[name]}\n`);
    expect(readConfig({ ...env, [name]: undefined, [`${name}_FILE`]: path })).toEqual(readConfig(env));
    expect(faultsOf({ ...env, [`${name}_FILE`]: path })).toContain(`${name} and ${name}_FILE are both set`);
  });

  test.each([
    ['is not there', 'missing', 'APP_SECRETS_FILE cannot be read: ENOENT: no such file or directory.'],
    ['is a folder', '.', 'APP_SECRETS_FILE does not name a regular file.'],
    ['is a pipe', 'pipe', 'APP_SECRETS_FILE does not name a regular file.'],
    ['is a device', '/dev/zero', 'APP_SECRETS_FILE does not name a regular file.'],
    ['is huge', 'huge', 'APP_SECRETS_FILE names a file larger than 64 KiB.'],
    ['is empty', 'empty', 'APP_SECRETS_FILE names an empty file.'],
    ['holds something else', 'other', 'APP_SECRETS is wrong. It should be '],
  ])('that %s', (_what, file, expected) => {
    writeFileSync(join(folder, 'empty'), '\n');
    writeFileSync(join(folder, 'other'), 'hunter2');
    writeFileSync(join(folder, 'huge'), ' '.repeat(65_537));
    if (!existsSync(join(folder, 'pipe'))) execFileSync('mkfifo', [join(folder, 'pipe')]);
    const message = faultsOf({ ...env, APP_SECRETS: '', APP_SECRETS_FILE: resolve(folder, file) });
    expect(message).toContain(expected);
    expect(message).toContain('has an error');
    expect(message).not.toContain(folder);
    expect(message).not.toContain('hunter2');
  });
});
