// Verifies and posts at once, and stores nothing: node bare.mjs <port> <secret> <webhook origin> [slack-webhook]
import { createServer } from 'node:http';
import { IncomingWebhook } from '@slack/webhook';
import { Webhook } from 'standardwebhooks';
import { Agent, request } from 'undici';

const [port, secret, origin, client] = process.argv.slice(2);
const webhook = new Webhook(secret);
const agent = new Agent({ connections: 64 });
const url = `${origin}/services/bare`;
const incoming = new IncomingWebhook(url);

async function post(message) {
  if (client === 'slack-webhook') return void (await incoming.send(message));
  const answer = await request(url, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
  });
  await answer.body.dump();
}

function toMessage({ customer, type, signals, suggested_action: action }) {
  const text = `*<${customer.url}|${customer.name}>* — ${type}`;
  return {
    text: `${customer.name}: ${type}`,
    attachments: [
      {
        color: '#F97316',
        fallback: `${customer.name}: ${type}`,
        blocks: [
          {
            type: 'section',
            text: { type: 'mrkdwn', text: `${text}\nSignals: ${signals.join(', ')}\nSuggested: ${action}` },
          },
        ],
      },
    ],
  };
}

async function take(req, res) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const event = webhook.verify(Buffer.concat(chunks).toString(), req.headers);
  res.writeHead(202, { 'content-type': 'application/json' }).end('{"accepted":1}');
  await post(toMessage(event));
}

createServer((req, res) => {
  take(req, res).catch((error) => {
    console.error(error);
    res.destroy();
  });
}).listen(Number(port), '127.0.0.1', () => console.log('is listening'));
