import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configVariables, readConfig } from '../../src/config.ts';
import { faultsOf, goodEnvironment, newSecret } from '../support/environment.ts';

const secret = goodEnvironment.APP_SECRETS;

test('fills in the defaults', () => {
  expect(readConfig(goodEnvironment)).toMatchObject({
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
  const config = readConfig({ ...goodEnvironment, APP_SECRETS: `${secret}, ${older}` });
  expect(config.appSecrets.map((key) => key.toString('base64'))).toEqual([secret, older]);
});

test('names every missing variable in one message', () => {
  const message = faultsOf({});
  const { TRUST_PROXY: _, ...required } = goodEnvironment;
  for (const name of Object.keys(required)) expect(message).toContain(`${name} is missing. It should be `);
  expect(message).not.toContain('PORT');
});

test('an empty variable counts as unset', () => {
  expect(readConfig({ ...goodEnvironment, MONGODB_URI: ' ', PORT: '' })).toMatchObject({
    mongodbUri: undefined,
    port: 3000,
  });
  expect(faultsOf({ ...goodEnvironment, APP_URL: '' })).toContain('APP_URL is missing');
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
  ['MONGODB_URI', 'mongodb://user:hunter2@word@localhost/perly'],
  ['MONGODB_URI', 'mongodb://hunter2:%zz@localhost/perly'],
  ['MONGODB_URI', 'mongodb://localhost/perly?hunter2=1'],
  ['MONGODB_URI', 'mongodb://localhost/perly?maxPoolSize=hunter2'],
  ['MONGODB_URI', 'mongodb+srv://hunter2,localhost/perly'],
  ['LOG_LEVEL', 'loud'],
])('%s is not %s, and the message shows no value', (name, value) => {
  const message = faultsOf({ ...goodEnvironment, [name]: value });
  expect(message).toContain('has an error');
  expect(message).toMatch(new RegExp(`\\b${name} is wrong\\. It should be .{10}`));
  expect(message).not.toContain('hunter2');
  expect(message).not.toContain(secret);
});

test('what the public pages show has neutral defaults, and it is known which of them nobody has set', () => {
  const { publisher } = readConfig({ ...goodEnvironment, COMPANY_NAME: 'Pearl', SUPPORT_HOURS: ' ' });
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
  const { PERLY_SECRETS: _, ...rest } = goodEnvironment;
  const message = faultsOf({ ...rest, PORT: 'x', METRICS_PORT: 'y', TRUST_PROXY: '', MONGODB_URI_FILE: '/' });
  for (const name of ['PERLY_SECRETS', 'PORT', 'METRICS_PORT', 'TRUST_PROXY', 'MONGODB_URI_FILE'])
    expect(message).toMatch(new RegExp(`^  ${name} `, 'm'));
  expect(message).toContain('has 5 errors');
});

test('TRUST_PROXY is required where APP_URL is https, and only there', () => {
  const { TRUST_PROXY: _, ...rest } = goodEnvironment;
  expect(faultsOf(rest)).toContain('TRUST_PROXY is missing. It should be the number of proxies');
  expect(readConfig({ ...rest, APP_URL: 'http://localhost:3000' }).trustProxy).toBe(0);
  expect(readConfig({ ...goodEnvironment, TRUST_PROXY: '0' }).trustProxy).toBe(0);
  expect(readConfig({ ...goodEnvironment, TRUST_PROXY: '2' }).trustProxy).toBe(2);
});

test('PERLY_NOTIFY_SECRETS is required where PERLY_NOTIFY_URL is set', () => {
  const url = { PERLY_NOTIFY_URL: 'https://app.perly.ai/hooks' };
  expect(faultsOf({ ...goodEnvironment, ...url })).toContain('PERLY_NOTIFY_SECRETS is missing');
  const notify = `whsec_${newSecret()}`;
  expect(
    readConfig({ ...goodEnvironment, ...url, PERLY_NOTIFY_SECRETS: notify }).perly.notifySecrets,
  ).toEqual([notify]);
});

test('metrics are on this machine only, unless METRICS_HOST says otherwise', () => {
  const env = { ...goodEnvironment, METRICS_PORT: '9464' };
  expect(readConfig(env).metrics).toEqual({ host: '127.0.0.1', port: 9464 });
  expect(readConfig({ ...env, METRICS_HOST: '0.0.0.0' }).metrics.host).toBe('0.0.0.0');
  expect(readConfig(goodEnvironment).host).toBeUndefined();
});

test('http is fine on this machine', () => {
  for (const url of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])
    expect(readConfig({ ...goodEnvironment, APP_URL: url }).appUrl).toBe(url);
});

test('.env.example has every variable, in order', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const lines = example.split('\n').filter((line) => /^#? ?[A-Z_]+=/.test(line));
  const values = Object.fromEntries(
    lines.map((line) => line.replace(/^# ?/, '').split(/=(.*)/s).slice(0, 2)),
  );
  expect(Object.keys(values)).toEqual(configVariables);
});
