import fc from 'fast-check';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { Problem } from '../../src/perly/problem.ts';
import { createSignatureCheck } from '../../src/perly/signature-check.ts';
import { signWebhook, toWebhookKey } from '../../src/perly/standard-webhooks.ts';
import { anyText } from '../support/any-text.ts';

const secrets = [7, 9].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`);
const { readHeaders, checkBody } = createSignatureCheck(secrets, systemClock);

type Headers = Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>;

/** Whether our verifier accepts a request. */
function ours(body: string, headers: Headers): boolean {
  try {
    checkBody(readHeaders(headers), Buffer.from(body));
    return true;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return false;
    throw error;
  }
}

/** Whether the reference library accepts it, with any of the secrets. */
function theirs(body: string, headers: Headers): boolean {
  return secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, headers, { jsonParse: false });
      return true;
    } catch (error) {
      if (error instanceof WebhookVerificationError) return false;
      throw error;
    }
  });
}

const now = () => Math.floor(Date.now() / 1000);
const text = anyText(60);
const id = fc.string({ minLength: 1, maxLength: 40 });
/** Seconds from now, well away from the limit of five minutes. */
const offset = fc.oneof(fc.integer({ min: -280, max: 280 }), fc.constantFrom(-900, -330, 330, 900));

test('the library and the app produce the same signatures', () => {
  fc.assert(
    fc.property(text, id, fc.constantFrom(...secrets), offset, (body, messageId, secret, seconds) => {
      const timestamp = now() + seconds;
      const signature = new Webhook(secret).sign(messageId, new Date(timestamp * 1000), body);
      expect(signWebhook(toWebhookKey(secret), { id: messageId, timestamp }, body)).toBe(signature);
      const headers = {
        'webhook-id': messageId,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signature,
      };
      expect(ours(body, headers)).toBe(Math.abs(seconds) < 300);
    }),
  );
});

test('the library and the app agree on every request, including damaged ones', () => {
  const garbage = fc.constantFrom(
    '',
    'v1',
    'v1,',
    'v2,AAAA',
    'v1,AAAA',
    ',',
    'v1,é',
    `v1,${'A'.repeat(43)}=`,
  );
  const damage = fc.constantFrom<(headers: Headers, body: string) => [Headers, string]>(
    (headers, body) => [headers, body],
    (headers, body) => [headers, `${body} `],
    (headers, body) => [{ ...headers, 'webhook-id': `${headers['webhook-id']}x` }, body],
    (headers, body) => [{ ...headers, 'webhook-id': '' }, body],
    (headers, body) => [{ ...headers, 'webhook-timestamp': String(now() - 7) }, body],
    (headers, body) => [{ ...headers, 'webhook-timestamp': '' }, body],
    (headers, body) => [{ ...headers, 'webhook-timestamp': 'now' }, body],
    (headers, body) => [{ ...headers, 'webhook-timestamp': `0${headers['webhook-timestamp']}` }, body],
    (headers, body) => [
      { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1,', 'v2,') },
      body,
    ],
    (headers, body) => [{ ...headers, 'webhook-signature': `${headers['webhook-signature']},x` }, body],
    (headers, body) => [{ ...headers, 'webhook-signature': `${headers['webhook-signature']}x` }, body],
    (headers, body) => [
      { ...headers, 'webhook-signature': headers['webhook-signature'].toLowerCase() },
      body,
    ],
    (headers, body) => [{ ...headers, 'webhook-signature': headers['webhook-signature'].slice(0, -1) }, body],
  );
  const secret = fc.constantFrom(...secrets, `whsec_${Buffer.alloc(32, 1).toString('base64')}`);
  fc.assert(
    fc.property(
      text,
      id,
      secret,
      offset,
      fc.array(garbage, { maxLength: 3 }),
      damage,
      (body, messageId, signer, seconds, others, harm) => {
        const timestamp = now() + seconds;
        const good = new Webhook(signer).sign(messageId, new Date(timestamp * 1000), body);
        const [headers, sent] = harm(
          {
            'webhook-id': messageId,
            'webhook-timestamp': String(timestamp),
            'webhook-signature': [...others, good].join(' '),
          },
          body,
        );
        expect(ours(sent, headers)).toBe(theirs(sent, headers));
      },
    ),
    { numRuns: 500 },
  );
});
