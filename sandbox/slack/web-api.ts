import express, { type Request, Router } from 'express';
import type { SlackApp } from './app.ts';
import { apiAnswer, applyFault } from './apply-fault.ts';
import type { Faults } from './faults.ts';
import type { Grant } from './grants.ts';
import type { SlackModel } from './model.ts';
import { oauthAccess } from './oauth-access.ts';
import type { Installation } from './records.ts';

/** From a form or JSON. */
export type Arguments = Record<string, unknown>;

/** It needs a bot token. */
export type Method = (call: { installation: Installation; arguments: Arguments }) => Record<string, unknown>;

/** Every answer is JSON with HTTP 200 and an `ok` field, as in Slack. */
export function webApi(options: {
  model: SlackModel;
  app: SlackApp;
  grants: ReadonlyMap<string, Grant>;
  faults: Faults;
  origin: string;
  methods: Readonly<Record<string, Method>>;
}): Router {
  const { model, app, grants, faults, origin, methods } = options;
  const router = Router();
  router.use('/api/', express.text({ type: () => true, limit: '2mb' }));
  router.all('/api/:method', async (req, res) => {
    const name = req.params.method;
    const finish = await applyFault(faults.trigger(name, textOf(req)), req, res, apiAnswer);
    if (finish === undefined) return;
    const answer = call(name, req);
    if (answer.ok === false) noteRefusal(name, answer);
    await finish(() => res.json(answer));
  });

  function call(name: string, req: Request): Record<string, unknown> {
    const given = readArguments(req);
    if (given === undefined) return { ok: false, error: 'invalid_json' };
    if (name === 'oauth.v2.access') {
      return oauthAccess(model, app, grants, origin, { ...readClient(req, given), ...readGrant(given) });
    }
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) return { ok: false, error: 'unknown_method', req_method: name };
    const token = /^Bearer (.+)$/.exec(req.get('authorization') ?? '')?.[1] ?? text(given, 'token');
    if (token === undefined) return { ok: false, error: 'not_authed' };
    const installation = [...model.installations.values()].find(({ botToken }) => botToken === token);
    if (model.retiredTokens.has(token)) return { ok: false, error: 'account_inactive' };
    if (installation === undefined) return { ok: false, error: 'invalid_auth' };
    if (!installation.active || model.team(installation.teamId).disabled) {
      return { ok: false, error: 'account_inactive' };
    }
    return method({ installation, arguments: given });
  }

  function noteRefusal(where: string, answer: Record<string, unknown>): void {
    const error = String(answer.error);
    const messages = messagesOf(answer);
    if (messages.length === 0) model.refuse({ where, error, pointer: '', message: error });
    for (const line of messages) {
      const [, message = line, pointer = ''] =
        /^\[ERROR\] (.*?)(?: \[json-pointer:(.*)\])?$/.exec(line) ?? [];
      model.refuse({ where, error, pointer, message });
    }
  }

  return router;
}

/** The token and the arguments. */
function textOf(req: Request): string {
  return `${req.get('authorization') ?? ''} ${String(req.body)}`;
}

function readGrant(given: Arguments) {
  return {
    code: text(given, 'code'),
    redirectUri: text(given, 'redirect_uri'),
    grantType: text(given, 'grant_type'),
  };
}

/** HTTP Basic, or arguments. */
function readClient(req: Request, given: Arguments) {
  const basic = /^Basic (.+)$/.exec(req.get('authorization') ?? '')?.[1];
  if (basic === undefined)
    return { clientId: text(given, 'client_id'), clientSecret: text(given, 'client_secret') };
  const [id, secret] = Buffer.from(basic, 'base64').toString().split(':');
  return { clientId: id, clientSecret: secret };
}

function readArguments(req: Request): Arguments | undefined {
  const query = Object.fromEntries(new URL(req.url, 'http://slack').searchParams);
  const body: unknown = req.body;
  if (typeof body !== 'string' || body === '') return query;
  if (!/^application\/json\b/.test(req.get('content-type') ?? '')) {
    return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
  }
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...query, ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

function text(given: Arguments, name: string): string | undefined {
  const value = given[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function messagesOf(answer: Record<string, unknown>): string[] {
  const metadata = answer.response_metadata;
  if (typeof metadata !== 'object' || metadata === null || !('messages' in metadata)) return [];
  return Array.isArray(metadata.messages) ? metadata.messages.map(String) : [];
}
