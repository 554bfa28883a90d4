import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/lib/errors.ts';
import { toLoggable } from '../../src/ops/to-loggable.ts';

describe('what may be logged', () => {
  it.each<[what: string, value: unknown, logged: unknown]>([
    [
      'plain fields',
      { port: 3000, ids: ['a'], on: true, none: null },
      { port: 3000, ids: ['a'], on: true, none: null },
    ],
    ['a date unchanged', { at: new Date(0) }, { at: new Date(0) }],
    [
      'headers',
      { headers: { cookie: 'x' }, rawHeaders: ['x'] },
      { headers: '[redacted]', rawHeaders: '[redacted]' },
    ],
    [
      'tokens',
      { bot: { token: 'x', accessToken: 'x' } },
      { bot: { token: '[redacted]', accessToken: '[redacted]' } },
    ],
    [
      'secrets',
      { clientSecret: 'x', appSecrets: ['x'] },
      { clientSecret: '[redacted]', appSecrets: '[redacted]' },
    ],
    [
      'a webhook',
      { webhookUrl: 'x', webhook_url: 'x' },
      { webhookUrl: '[redacted]', webhook_url: '[redacted]' },
    ],
    ['a database', { mongodbUri: 'x' }, { mongodbUri: '[redacted]' }],
    ['bytes', { key: Buffer.from('secret') }, { key: '[6 bytes]' }],
    ['a function', { run: () => 1 }, { run: undefined }],
    ['what is deep', { a: { b: { c: { d: { e: {} } } } } }, { a: { b: { c: { d: { e: '[too deep]' } } } } }],
    ['what is wide', Array.from({ length: 60 }, () => 1), Array.from({ length: 50 }, () => 1)],
  ])('%s', (_what, value, logged) => {
    expect(toLoggable(value)).toEqual(logged);
  });

  it('an error by its name, code, message and causes, without its other fields', () => {
    const cause = Object.assign(new TypeError('fetch failed'), { headers: { authorization: 'x' } });
    const error = Object.assign(new AppError('gone', 'Slack is away', { cause }), {
      data: { access_token: 'x' },
    });
    expect(toLoggable({ err: error })).toEqual({
      err: {
        type: 'AppError',
        code: 'gone',
        message: 'Slack is away',
        stack: expect.stringContaining('to-loggable.test.ts'),
        cause: { type: 'TypeError', message: 'fetch failed', stack: expect.stringContaining('TypeError') },
      },
    });
  });

  it('each error of an aggregate', () => {
    const error = new AggregateError([new Error('IPv6'), new Error('IPv4')]);
    expect(toLoggable(error)).toMatchObject({ errors: [{ message: 'IPv6' }, { message: 'IPv4' }] });
  });

  it('a circle of causes, up to a depth', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(toLoggable(error))).toContain('[too deep]');
  });

  it('a request by method and route, a response by its status', () => {
    const request = new IncomingMessage(new Socket());
    Object.assign(request, { method: 'GET', url: '/slack/install?token=x', headers: { cookie: 'x' } });
    expect(toLoggable({ req: request, res: new ServerResponse(request) })).toEqual({
      req: { method: 'GET', route: 'unknown' },
      res: { statusCode: 200 },
    });
  });
});
