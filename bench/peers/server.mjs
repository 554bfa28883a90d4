// Verifies, adds a job for each delivery to a durable queue, answers, and posts from the queue:
// node server.mjs <queue> <port> <secret> <webhook origin> <engine>
// queue: bullmq | graphile-worker | pg-boss | agenda. engine: Redis's port, the URI of PostgreSQL or MongoDB, or a
// folder for the embedded database.
import express from 'express';
import { Webhook } from 'standardwebhooks';
import { Agent, request } from 'undici';
import { eventSchema } from '../../dist/src/domain/event.js';

const [kind, port, secret, origin, engine] = process.argv.slice(2);
const { startQueue } = await import(`./queues/${kind}.mjs`);

const webhook = new Webhook(secret);
const schema = eventSchema('https://app.perly.ai');
const agent = new Agent({ connections: 64 });

/** Channels by account, without rules, as from a file of settings. */
const channels = new Map(
  Array.from({ length: 10_000 }, (_, number) => [
    `acct_bench_${number}`,
    { id: `C0BENCH${number}`, url: `${origin}/services/T0BENCH0001/B${number}/C0BENCH${number}` },
  ]),
);

/** Posts a message. @throws Error unless it was accepted */
async function deliver({ event, url }) {
  const answer = await request(url, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(toMessage(event)),
    bodyTimeout: 10_000,
    headersTimeout: 10_000,
  });
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`The webhook answered with ${answer.statusCode}`);
}

function toMessage({ customer, type, signals = [], suggested_action: action = '' }) {
  const fallback = `${customer.name}: ${type}`;
  const text = `*<${customer.url}|${customer.name}>* — ${type}\nSignals: ${signals.join(', ')}\nSuggested: ${action}`;
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text } }];
  return { text: fallback, attachments: [{ color: '#F97316', fallback, blocks }] };
}

const queue = await startQueue({ engine, deliver });

const app = express().disable('x-powered-by');

app.post('/perly/events', express.raw({ type: () => true, limit: '1mb' }), async (req, res) => {
  const body = webhook.verify(req.body.toString(), req.headers);
  const posted = 'events' in body ? body.events : [body];
  const events = posted.map((event) => schema.parse(event));
  await queue.add(
    events.map((event) => {
      const { id, url } = channels.get(event.account_id);
      return { id: `${event.account_id}-${event.id}-${id}`, data: { event, url } };
    }),
  );
  res.status(202).json({ accepted: events.length });
});

app.use((error, _req, res, _next) => {
  console.error(error);
  res.status(503).json({ error: String(error) });
});

const server = app.listen(Number(port), '127.0.0.1', () => console.log('is listening'));

process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  // The time that a queue takes to stop is not measured.
  setTimeout(() => process.exit(0), 3000).unref();
  queue.stop().then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
