import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configVariables, readConfig } from '../src/config.ts';

const secret = randomBytes(32).toString('base64');
const good = {
  APP_URL: 'https://perly-slack.example.com/',
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'client-secret',
  SLACK_SIGNING_SECRET: 'signing-secret',
  PERLY_SECRETS: `whsec_${secret}`,
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

  test('reads several secrets, the newest first', () => {
    const older = randomBytes(32).toString('base64');
    const config = readConfig({ ...good, APP_SECRETS: `${secret}, ${older}` });
    expect(config.appSecrets.map((key) => key.toString('base64'))).toEqual([secret, older]);
  });

  test('names every variable that is missing, in one message', () => {
    const message = faults({});
    for (const name of Object.keys(good)) expect(message).toContain(`${name} is missing. It should be `);
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
    ['PERLY_SECRETS', `whsec_${secret},whsec_hunter2`],
    ['PERLY_NOTIFY_URL', 'http://perly.example.com/hooks'],
    ['PERLY_NOTIFY_URL', 'https://user:hunter2@perly.example.com/hooks'],
    ['APP_SECRETS', 'hunter2'],
    ['APP_SECRETS', randomBytes(31).toString('base64')],
    ['APP_SECRETS', `${secret}=`],
    ['MONGODB_URI', 'postgres://hunter2@localhost'],
    ['LOG_LEVEL', 'loud'],
  ])('%s is not %s, and the message shows no value', (name, value) => {
    const message = faults({ ...good, [name]: value });
    expect(message).toContain('has a fault');
    expect(message).toMatch(new RegExp(`\\b${name} is wrong\\. It should be .{10}`));
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain(secret);
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
