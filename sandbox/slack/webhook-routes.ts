import { performance } from 'node:perf_hooks';
import express, { type Request, type Response, Router } from 'express';
import { applyFault, webhookAnswer } from './apply-fault.ts';
import { checkMessage } from './checks/message.ts';
import type { Faults } from './faults.ts';
import type { SlackModel } from './model.ts';
import type { Pace } from './rate.ts';
import { readPayload } from './read-payload.ts';
import type { Channel, Message, Webhook } from './records.ts';

/** `POST /services/T…/B…/…` */
export function webhookRoutes(options: {
  model: SlackModel;
  faults: Faults;
  pace: Pace | undefined;
}): Router {
  const { model, faults, pace } = options;
  const router = Router();
  const faulty = new WeakSet<Response>();
  const answers = new WeakMap<Response, string>();
  const accepted = new WeakMap<Response, Message>();
  const path = '/services/:team/:webhook/:token';

  router.post(path, express.raw({ type: () => true, limit: '2mb' }), async (req, res) => {
    const receivedAt = model.clock();
    const receivedAtMonotonic = performance.now();
    const found = findWebhook(req.params);
    if (typeof found === 'string') {
      refuse(res, found);
      return;
    }
    const { webhook, channel } = found;
    recordWhenOver(webhook, req, res);
    const met = faults.trigger(channel.id, Buffer.from(bytes(req)).toString());
    if (met !== undefined) faulty.add(res);
    const finish = await applyFault(met, req, res, say);
    if (finish === undefined) return;
    const error = deadReason(webhook, channel) ?? tooFast(channel, res);
    if (error !== undefined) {
      await finish(() => refuse(res, error, channel));
      return;
    }
    const payload = readPayload(req.get('content-type'), bytes(req));
    const checked = checkMessage(payload);
    if (!checked.ok) {
      for (const { pointer, message } of checked.problems) {
        model.refuse({
          where: 'webhook',
          error: checked.error,
          pointer,
          message,
          channelId: channel.id,
          payload,
        });
      }
      await finish(() => say(res, checked.error));
      return;
    }
    const userAgent = req.get('user-agent');
    const message = model.addMessage({
      channel,
      teamId: webhook.teamId,
      payload: checked.payload,
      receivedAt,
      receivedAtMonotonic,
      webhookId: webhook.id,
      ...(userAgent !== undefined && { userAgent }),
    });
    accepted.set(res, message);
    await finish(() => say(res, 'ok'));
  });

  router.all(path, (_req, res) => {
    webhookAnswer(res, 'invalid_payload');
  });

  function say(res: Response, body: string): void {
    answers.set(res, body);
    if (body === 'ok') res.type('text/plain').send(body);
    else webhookAnswer(res, body);
  }

  function refuse(res: Response, error: string, channel?: Channel): void {
    model.refuse({
      where: 'webhook',
      error,
      pointer: '',
      message: error,
      ...(channel && { channelId: channel.id }),
    });
    say(res, error);
  }

  function findWebhook(at: { team: string; webhook: string; token: string }) {
    if (!model.teams.has(at.team)) return 'no_team';
    const webhook = model.webhooks.get(at.webhook);
    if (webhook === undefined || webhook.token !== at.token) return 'no_service';
    if (webhook.teamId !== at.team) return 'no_team';
    const channel = model.channels.get(webhook.channelId);
    return channel === undefined ? 'channel_not_found' : { webhook, channel };
  }

  /** At least for now. */
  function deadReason(webhook: Webhook, channel: Channel): string | undefined {
    if (model.team(webhook.teamId).disabled) return 'team_disabled';
    if (webhook.revokedAs !== undefined) return webhook.revokedAs;
    if (channel.state === 'deleted') return 'channel_not_found';
    if (channel.state === 'archived') return 'channel_is_archived';
    return channel.state === 'prohibited' ? 'action_prohibited' : undefined;
  }

  /** Over all of the channel's webhooks. */
  function tooFast(channel: Channel, res: Response): string | undefined {
    const wait = pace?.(channel.id);
    if (wait === undefined) return undefined;
    res.status(429).set('Retry-After', String(wait));
    return 'rate_limited';
  }

  function recordWhenOver(webhook: Webhook, req: Request, res: Response): void {
    let isRecorded = false;
    const record = () => {
      if (isRecorded) return;
      isRecorded = true;
      const { teamId, channelId, id: webhookId } = webhook;
      const answered = res.writableFinished;
      const status = answered ? res.statusCode : 0;
      const body = answered ? (answers.get(res) ?? '') : '';
      const message = accepted.get(res);
      const call = {
        at: model.clock(),
        teamId,
        channelId,
        webhookId,
        status,
        body,
        faulty: faulty.has(res),
        messageTs: message?.ts,
        unacceptedPayload:
          message === undefined ? readPayload(req.get('content-type'), bytes(req)) : undefined,
      };
      model.webhookCalls.push(call);
      model.emit('webhookCall', call);
    };
    res.once('finish', record);
    res.once('close', record);
  }

  return router;
}

function bytes(req: Request): Uint8Array {
  return req.body instanceof Uint8Array ? req.body : new Uint8Array();
}
