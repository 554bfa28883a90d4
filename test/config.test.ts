import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { secretVariables } from '../src/config/secret-files.ts';
import { configVariables, listSecrets, readConfig } from '../src/config.ts';

const newSecret = () => randomBytes(32).toString('base64');
const secret = newSecret();
const good = {
  APP_URL: 'https://perly-slack.example.com/',
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'client-secret',
  SLACK_SIGNING_SECRET: 'signing-secret',
  TRUST_PROXY: '1',
  PERLY_SECRETS: `whsec_${newSecret()}`,
  PERLY_TOKEN_SECRETS: newSecret(),
  APP_SECRETS: secret,
};

function faults(env: Record<string, string | undefined>): string {
  try {
    readConfig(env);
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('readConfig', () => {
  test('fills in the defaults', () => {
    expect(readConfig(good)).toMatchObject({
      appUrl: 'https://perly-slack.example.com',
      port: 3000,
      slack: {
        apiUrl: 'https://slack.com/api',
        authorizeUrl: 'https://slack.com/oauth/v2/authorize',
        webhookOrigins: ['https://hooks.slack.com'],
      },
      perly: { appUrl: 'https://app.perly.ai' },
      mongodbUri: undefined,
      dataDir: '.data',
      logLevel: 'info',
    });
  });

  test('reads several secrets, newest first', () => {
    const older = newSecret();
    const config = readConfig({ ...good, APP_SECRETS: `${secret}, ${older}` });
    expect(config.appSecrets.map((key) => key.toString('base64'))).toEqual([secret, older]);
  });

  test('names every missing variable in one message', () => {
    const message = faults({});
    const { TRUST_PROXY: _, ...required } = good;
    for (const name of Object.keys(required)) expect(message).toContain(`${name} is missing. It should be `);
    expect(message).not.toContain('PORT');
  });

  test('an empty variable counts as unset', () => {
    expect(readConfig({ ...good, MONGODB_URI: ' ', PORT: '' })).toMatchObject({
      mongodbUri: undefined,
      port: 3000,
    });
    expect(faults({ ...good, APP_URL: '' })).toContain('APP_URL is missing');
  });

  test.each([
    ['APP_URL', 'perly-slack.example.com'],
    ['APP_URL', 'http://perly-slack.example.com'],
    ['APP_URL', 'https://user:hunter2@perly-slack.example.com'],
    ['APP_URL', 'https://perly-slack.example.com/?a=hunter2'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['SLACK_WEBHOOK_ORIGINS', 'https://hooks.slack.com/services'],
    ['SLACK_WEBHOOK_ORIGINS', ','],
    ['PERLY_SECRETS', secret],
    ['PERLY_SECRETS', 'whsec_c2hvcnQ='],
    ['PERLY_SECRETS', `whsec_${randomBytes(31).toString('base64')}`],
    ['PERLY_TOKEN_SECRETS', 'x'.repeat(31)],
    ['PERLY_TOKEN_SECRETS', `${'x'.repeat(40)},hunter2`],
    ['PERLY_TOKEN_SECRETS', `hunter2 ${'x'.repeat(40)}`],
    ['PERLY_TOKEN_SECRETS', `hunter2ü${'x'.repeat(40)}`],
    ['PERLY_NOTIFY_SECRETS', `whsec_${randomBytes(31).toString('base64')}`],
    ['TRUST_PROXY', 'yes'],
    ['HOST', 'http://localhost'],
    ['METRICS_HOST', '127.0.0.1:9464'.replace(':', '/')],
    ['METRICS_PORT', '3000'],
    ['PERLY_SECRETS', `whsec_${secret},whsec_hunter2`],
    ['PERLY_NOTIFY_URL', 'http://perly.example.com/hooks'],
    ['PERLY_NOTIFY_URL', 'blob:https://perly.example.com/hunter2'],
    ['PERLY_NOTIFY_URL', 'https://user:hunter2@perly.example.com/hooks'],
    ['COMPANY_NAME', 'hunter2'.repeat(20)],
    ['SUPPORT_EMAIL', 'hunter2'],
    ['PRIVACY_EMAIL', 'data@example.com?cc=hunter2@example.com'],
    ['PRICING_URL', 'javascript:hunter2'],
    ['APP_SECRETS', 'hunter2'],
    ['APP_SECRETS', randomBytes(31).toString('base64')],
    ['APP_SECRETS', `${secret}=`],
    ['MONGODB_URI', 'postgres://hunter2@localhost'],
    ['LOG_LEVEL', 'loud'],
  ])('%s is not %s, and the message shows no value', (name, value) => {
    const message = faults({ ...good, [name]: value });
    expect(message).toContain('has an error');
    expect(message).toMatch(new RegExp(`\\b${name} is wrong\\. It should be .{10}`));
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain(secret);
  });

  test('what the public pages show has neutral defaults, and it is known which of them nobody has set', () => {
    const { publisher } = readConfig({ ...good, COMPANY_NAME: 'Pearl', SUPPORT_HOURS: ' ' });
    expect(publisher).toMatchObject({ companyName: 'Pearl', supportEmail: 'support@example.com' });
    expect(publisher.defaults).toEqual([
      'SUPPORT_EMAIL',
      'SUPPORT_HOURS',
      'PRICING_TEXT',
      'PRICING_URL',
      'PRIVACY_EMAIL',
    ]);
  });

  test('names what is wrong together with what is missing', () => {
    const { PERLY_SECRETS: _, ...rest } = good;
    const message = faults({ ...rest, PORT: 'x', METRICS_PORT: 'y', TRUST_PROXY: '', MONGODB_URI_FILE: '/' });
    for (const name of ['PERLY_SECRETS', 'PORT', 'METRICS_PORT', 'TRUST_PROXY', 'MONGODB_URI_FILE'])
      expect(message).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(message).toContain('has 5 errors');
  });

  test('TRUST_PROXY is required where APP_URL is https, and only there', () => {
    const { TRUST_PROXY: _, ...rest } = good;
    expect(faults(rest)).toContain('TRUST_PROXY is missing. It should be the number of proxies');
    expect(readConfig({ ...rest, APP_URL: 'http://localhost:3000' }).trustProxy).toBe(0);
    expect(readConfig({ ...good, TRUST_PROXY: '0' }).trustProxy).toBe(0);
    expect(readConfig({ ...good, TRUST_PROXY: '2' }).trustProxy).toBe(2);
  });

  test('PERLY_NOTIFY_SECRETS is required where PERLY_NOTIFY_URL is set', () => {
    const url = { PERLY_NOTIFY_URL: 'https://app.perly.ai/hooks' };
    expect(faults({ ...good, ...url })).toContain('PERLY_NOTIFY_SECRETS is missing');
    const notify = `whsec_${newSecret()}`;
    expect(readConfig({ ...good, ...url, PERLY_NOTIFY_SECRETS: notify }).perly.notifySecrets).toEqual([
      notify,
    ]);
  });

  test('metrics are on this machine only, unless METRICS_HOST says otherwise', () => {
    const env = { ...good, METRICS_PORT: '9464' };
    expect(readConfig(env).metrics).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(readConfig({ ...env, METRICS_HOST: '0.0.0.0' }).metrics.host).toBe('0.0.0.0');
    expect(readConfig(good).host).toBeUndefined();
  });

  test('http is fine on this machine', () => {
    for (const url of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])
      expect(readConfig({ ...good, APP_URL: url }).appUrl).toBe(url);
  });

  test('.env.example has every variable, in order', () => {
    const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const lines = example.split('\n').filter((line) => /^#? ?[A-Z_]+=/.test(line));
    const values = Object.fromEntries(
      lines.map((line) => line.replace(/^# ?/, '').split(/=(.*)/s).slice(0, 2)),
    );
    expect(Object.keys(values)).toEqual(configVariables);
  });
});

describe('a secret for two purposes', () => {
  const shared = newSecret();
  const hex = Buffer.from(shared, 'base64').toString('hex');
  const values: Record<string, string[]> = {
    SLACK_CLIENT_SECRET: [shared, hex],
    SLACK_SIGNING_SECRET: [shared, hex],
    PERLY_SECRETS: [`whsec_${shared}`, `whsec_${newSecret()},whsec_${shared}`],
    PERLY_TOKEN_SECRETS: [shared, hex, hex.toUpperCase(), `whsec_${shared}`, `${newSecret()},${shared}`],
    PERLY_NOTIFY_SECRETS: [`whsec_${shared}`],
    APP_SECRETS: [shared, `${newSecret()},${shared}`],
  };
  const names = Object.keys(values);
  const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const));

  test.each(pairs)('%s and %s: refused by their names, without the value', (one, other) => {
    for (const a of values[one] ?? [])
      for (const b of values[other] ?? []) {
        const message = faults({ ...good, [one]: a, [other]: b });
        expect(message).toContain(`${one} and ${other} share a secret.`);
        expect(message).not.toContain(shared);
        expect(message.toLowerCase()).not.toContain(hex);
      }
  });

  const text = 'a secret that somebody wrote as text';
  const encoded = Buffer.from(text).toString('base64');
  const appText = 'thirty-two letters and more of x';
  const appEncoded = Buffer.from(appText).toString('base64');
  const bytes = Buffer.alloc(32, 0xfb);
  const urlSafe = bytes.toString('base64url');

  test.each([
    [
      'its text',
      'PERLY_TOKEN_SECRETS',
      text.replaceAll(' ', '_'),
      'PERLY_SECRETS',
      `whsec_${Buffer.from(text.replaceAll(' ', '_')).toString('base64')}`,
    ],
    ['its text', 'SLACK_SIGNING_SECRET', appText, 'APP_SECRETS', appEncoded],
    ['its text', 'SLACK_CLIENT_SECRET', text, 'PERLY_NOTIFY_SECRETS', `whsec_${encoded}`],
    ['its text, with a prefix', 'SLACK_CLIENT_SECRET', `whsec_${appText}`, 'APP_SECRETS', appEncoded],
    ['base64url', 'PERLY_TOKEN_SECRETS', urlSafe, 'APP_SECRETS', bytes.toString('base64')],
    [
      'base64 of hexadecimal',
      'SLACK_SIGNING_SECRET',
      'ab'.repeat(16),
      'APP_SECRETS',
      Buffer.from('ab'.repeat(16)).toString('base64'),
    ],
    [
      'hexadecimal of base64',
      'PERLY_TOKEN_SECRETS',
      Buffer.from(shared).toString('hex'),
      'APP_SECRETS',
      shared,
    ],
    ['spaces around it', 'SLACK_SIGNING_SECRET', ` ${shared} `, 'APP_SECRETS', shared],
  ])('%s: %s=%s is the key of %s', (_how, one, value, other, otherValue) => {
    const message = faults({ ...good, [one]: value, [other]: otherValue });
    expect(message).toMatch(
      new RegExp(`${one} and ${other} share a secret|${other} and ${one} share a secret`),
    );
    expect(message).not.toContain(value);
  });

  test('that only look alike are different', () => {
    const token = 'Abcdefghijklmnopqrstuvwxyz0123456789';
    expect(faults({ ...good, PERLY_TOKEN_SECRETS: token, SLACK_SIGNING_SECRET: token.slice(0, -1) })).toBe(
      'none',
    );
  });

  test('several for one purpose are fine', () => {
    expect(faults({ ...good, PERLY_TOKEN_SECRETS: `${shared},${shared}` })).toBe('none');
  });
});

describe('a secret from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perly-secrets-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const env: Record<string, string> = {
    ...good,
    PERLY_NOTIFY_SECRETS: `whsec_${newSecret()}`,
    MONGODB_URI: 'mongodb://user:hunter2@localhost/perly',
  };

  test.each(secretVariables)('%s', (name) => {
    const path = join(folder, name);
    writeFileSync(path, `${env[name]}\n`);
    expect(readConfig({ ...env, [name]: undefined, [`${name}_FILE`]: path })).toEqual(readConfig(env));
    expect(faults({ ...env, [`${name}_FILE`]: path })).toContain(`${name} and ${name}_FILE are both set`);
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
    const message = faults({ ...env, APP_SECRETS: '', APP_SECRETS_FILE: resolve(folder, file) });
    expect(message).toContain(expected);
    expect(message).toContain('has an error');
    expect(message).not.toContain(folder);
    expect(message).not.toContain('hunter2');
  });

  test('every secret that must not be logged may come from one', () => {
    const config = readConfig(env);
    for (const name of secretVariables.filter((each) => each !== 'MONGODB_URI'))
      expect(listSecrets(config)).toContain(env[name]);
  });

  test.each([
    ['mongodb://perly:hunter%2F2@db-1,db-2/perly?replicaSet=a', ['hunter%2F2', 'hunter/2']],
    ['mongodb+srv://perly:100%zz@db.example.com', ['100%zz']],
    [
      'mongodb://perly:hunter22@db/?proxyHost=proxy&proxyPassword=p%40ssword&TLSCertificateKeyFilePassword=keyfile1=',
      ['hunter22', 'p%40ssword', 'p@ssword', 'keyfile1='],
    ],
    [
      'mongodb://db/?authMechanismProperties=SERVICE_NAME:a,AWS_SESSION_TOKEN:Fwo%2FGZXI:x=,SERVICE_REALM:b',
      ['Fwo%2FGZXI:x=', 'Fwo/GZXI:x='],
    ],
    ['mongodb://db/?authMechanismProperties=AWS_SESSION_TOKEN%3AFwoGZXIvYX', ['FwoGZXIvYX']],
    ['mongodb://perly@db/?authMechanism=MONGODB-X509', []],
    ['mongodb://127.0.0.1:27017/?directConnection=true', []],
  ])('%s: the secrets in a database’s URI are secrets, and so is the URI', (uri, passwords) => {
    const without = listSecrets(readConfig(env));
    const own = listSecrets(readConfig({ ...env, MONGODB_URI: uri })).filter(
      (each) => !without.includes(each),
    );
    expect(new Set(own)).toEqual(new Set(passwords.length === 0 ? [] : [uri, ...passwords]));
  });
});
