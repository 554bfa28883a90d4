import { LogLevel } from '@slack/bolt';
import { AuthorizationError } from '@slack/oauth';
import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { boltLogger } from '../../src/ops/log.ts';
import { createMemoryLog } from './memory-log.ts';

const webhook = 'https://hooks.slack.com/services/T1/B1/topsecret';
const elsewhere = 'https://elsewhere.example/topsecret';
const jwt = 'eyJhbGciOiJIUzI1NiJ9.topsecret.topsecret';

describe('the log', () => {
  it('writes a line of JSON with time, level, message and fields', () => {
    const { logger, lines } = createMemoryLog();
    logger.info({ channelId: 'T1:C1' }, 'channel connected');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines.join())).toMatchObject({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      msg: 'channel connected',
      channelId: 'T1:C1',
    });
  });

  it('is silent below its level', () => {
    const { logger, lines } = createMemoryLog('warn');
    logger.info('no');
    logger.warn('yes');
    expect(lines).toHaveLength(1);
  });

  it.each<[where: string, write: (logger: ReturnType<typeof createMemoryLog>['logger']) => void]>([
    ['a message', (logger) => logger.info(`POST ${webhook} with xoxb-1-topsecret`)],
    ['an interpolated message', (logger) => logger.info('POST %s %o', webhook, { jwt })],
    ['an error', (logger) => logger.error(new Error(`POST ${webhook}`))],
    ["an error's stack", (logger) => logger.error({ err: new Error(`whsec_topsecret\nat ${jwt}`) }, 'oh')],
    [
      "an error's cause",
      (logger) => logger.error({ err: new Error('x', { cause: new Error(webhook) }) }, 'oh'),
    ],
    [
      "an error's own fields",
      (logger) => logger.error(Object.assign(new Error('x'), { answer: 'topsecret' })),
    ],
    [
      'an error under another name',
      (logger) => logger.error({ reason: Object.assign(new Error('x'), { a: 'topsecret' }) }, 'oh'),
    ],
    ['a field', (logger) => logger.info({ a: [{ b: webhook }] }, 'x')],
    ['a URL', (logger) => logger.info({ at: new URL(webhook) }, 'x')],
    ['a named secret', (logger) => logger.info({ bot: { token: 'topsecret' } }, 'x')],
    ['a name', (logger) => logger.info({ [webhook]: 1 }, 'x')],
    ["a child's field", (logger) => logger.child({ webhook, jwt }).info('x')],
    [
      "a child's error",
      (logger) => logger.child({ err: Object.assign(new Error('x'), { answer: 'topsecret' }) }).info('x'),
    ],
  ])('shows no secret in %s', (_where, write) => {
    const { logger, lines } = createMemoryLog();
    write(logger);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('topsecret');
    expect(JSON.parse(lines.join())).toHaveProperty('msg');
  });
});

describe("Bolt's logger", () => {
  it.each([LogLevel.DEBUG, LogLevel.INFO, LogLevel.WARN, LogLevel.ERROR])(
    'writes %s at that level',
    (level) => {
      const { logger, lines } = createMemoryLog();
      boltLogger(logger)[level]('state', 3, 'of 100%s');
      expect(JSON.parse(lines.join())).toMatchObject({ level, msg: 'state 3 of 100%s' });
    },
  );

  it("keeps an error's code and stack, and the message beside it", () => {
    const { logger, lines } = createMemoryLog();
    const error = new AuthorizationError('User cancelled the OAuth installation flow!');
    boltLogger(logger).error('OAuth failed:', error, { teamId: 'T1', token: 'x' });
    expect(JSON.parse(lines.join())).toMatchObject({
      level: 'error',
      msg: 'OAuth failed:',
      err: {
        code: 'slack_oauth_installer_authorization_error',
        stack: expect.stringContaining('User cancelled'),
      },
      details: [{ teamId: 'T1', token: '[redacted]' }],
    });
  });

  it('writes an expected error as one line, without a stack', () => {
    const { logger, lines } = createMemoryLog();
    const error = new AuthorizationError('User cancelled the OAuth installation flow!');
    boltLogger(logger, (given) => given === error).error(error);
    const line = JSON.parse(lines.join());
    expect(line).toMatchObject({
      level: 'info',
      error: 'slack_oauth_installer_authorization_error',
      msg: 'User cancelled the OAuth installation flow!',
    });
    expect(line).not.toHaveProperty('err');
  });

  it('uses the message of an error without text', () => {
    const { logger, lines } = createMemoryLog();
    boltLogger(logger).error(new Error(`POST ${webhook}`));
    expect(JSON.parse(lines.join()).msg).toBe('POST https://hooks.slack.com/[redacted]');
  });

  it.each<[where: string, answer: string]>([
    ['a webhook of any origin', JSON.stringify({ ok: true, incoming_webhook: { url: elsewhere } })],
    ['a webhook among quotation marks', JSON.stringify({ ok: true, url: `a"\\${elsewhere}` })],
    ['a webhook of a refusal', JSON.stringify({ ok: false, error: 'invalid_code', url: elsewhere })],
    ['an answer that is not JSON', `<a href="${elsewhere}">`],
    ['an error that is not a word of Slack', JSON.stringify({ ok: false, error: elsewhere })],
  ])('shows nothing of %s in what Slack answers', async (_where, answer) => {
    const { logger, lines } = createMemoryLog();
    const client = new WebClient(undefined, {
      logger: boltLogger(logger),
      fetch: async () => new Response(answer),
    });
    const given = { client_id: '1', client_secret: 'topsecret', code: 'topsecret' };
    await client.oauth.v2.access(given).catch((error: unknown) => {
      logger.error({ err: error }, 'oh');
      boltLogger(logger).error(error);
    });
    expect(lines.join()).toContain('oauth.v2.access');
    expect(lines.join()).not.toContain('topsecret');
  });

  it.each<[level: string, bolts: LogLevel]>([
    ['trace', LogLevel.DEBUG],
    ['debug', LogLevel.DEBUG],
    ['info', LogLevel.INFO],
    ['warn', LogLevel.WARN],
    ['error', LogLevel.ERROR],
    ['fatal', LogLevel.ERROR],
    ['silent', LogLevel.ERROR],
  ])('reports the level %s as %s, and lets nobody change it', (level, bolts) => {
    const { logger } = createMemoryLog(level);
    const adapted = boltLogger(logger);
    expect(adapted.getLevel()).toBe(bolts);
    adapted.setLevel(LogLevel.INFO);
    adapted.setName('web-api:WebClient:1');
    expect(adapted.getLevel()).toBe(bolts);
    expect(logger.level).toBe(level);
  });
});
