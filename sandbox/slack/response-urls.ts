import { performance } from 'node:perf_hooks';
import express, { type Response, Router } from 'express';
import { apiAnswer, applyFault } from './apply-fault.ts';
import { checkMessage, responseFields } from './checks/message.ts';
import type { Faults } from './faults.ts';
import { isRecord } from './is-record.ts';
import type { SlackModel } from './model.ts';
import { readPayload } from './read-payload.ts';
import type { Message, MessagePayload } from './records.ts';
import { minuteMs } from './time.ts';

/** Within half an hour (https://docs.slack.dev/interactivity/handling-user-interaction). */
const responseUrlUses = 5;
const responseUrlLifetime = 30 * minuteMs;

interface ResponseUrl {
  readonly message: Message;
  readonly userId: string;
  readonly at: number;
  uses: number;
}

export class ResponseUrls {
  readonly #model: SlackModel;
  readonly #origin: string;
  readonly #issued = new Map<string, ResponseUrl>();

  constructor(model: SlackModel, origin: string) {
    this.#model = model;
    this.#origin = origin;
  }

  issue(message: Message, userId: string): string {
    const path = `/actions/${message.teamId}/${this.#model.ids.digits(13)}/${this.#model.ids.secret(24)}`;
    this.#issued.set(path, { message, userId, at: this.#model.clock(), uses: 0 });
    return this.#origin + path;
  }

  routes(faults: Faults): Router {
    const router = Router();
    const path = '/actions/:team/:number/:token';
    router.post(path, express.raw({ type: () => true, limit: '2mb' }), async (req, res) => {
      const finish = await applyFault(faults.trigger('response_url'), req, res, apiAnswer);
      if (finish === undefined) return;
      const url = this.#issued.get(req.path);
      const error = url === undefined ? 'invalid_url' : this.#whyNot(url);
      if (url === undefined || error !== undefined) {
        this.#refuse(res, 404, error ?? 'invalid_url', []);
        return;
      }
      const body = req.body instanceof Uint8Array ? req.body : new Uint8Array();
      const payload = readPayload(req.get('content-type'), body);
      if (isRecord(payload) && payload.delete_original === true) {
        url.uses += 1;
        this.#model.deleteMessage(url.message);
        await finish(() => res.json({ ok: true }));
        return;
      }
      const checked = checkMessage(payload, responseFields);
      if (!checked.ok) {
        this.#refuse(res, 400, checked.error, checked.problems, payload);
        return;
      }
      url.uses += 1;
      this.#take(url, checked.payload);
      await finish(() => res.json({ ok: true }));
    });
    return router;
  }

  #whyNot({ uses, at }: ResponseUrl): string | undefined {
    if (this.#model.clock() - at > responseUrlLifetime) return 'expired_url';
    return uses >= responseUrlUses ? 'used_url' : undefined;
  }

  #take({ message, userId }: ResponseUrl, given: MessagePayload): void {
    const { response_type: type, replace_original: replaces, delete_original: _deletes, ...payload } = given;
    if (replaces === true) {
      this.#model.replaceMessage(message, payload);
      return;
    }
    this.#model.addMessage({
      channel: this.#model.channel(message.channelId),
      teamId: message.teamId,
      payload,
      receivedAt: this.#model.clock(),
      receivedAtMonotonic: performance.now(),
      ...(type !== 'in_channel' && { ephemeralTo: userId }),
    });
  }

  #refuse(
    res: Response,
    status: number,
    error: string,
    problems: readonly { pointer: string; message: string }[],
    payload?: unknown,
  ): void {
    const all = problems.length > 0 ? problems : [{ pointer: '', message: error }];
    for (const { pointer, message } of all) {
      this.#model.refuse({ where: 'response_url', error, pointer, message, payload });
    }
    res.status(status).json({ ok: false, error });
  }
}
