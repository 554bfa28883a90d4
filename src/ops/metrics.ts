import express, { type Router } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { MessageKind } from '../delivery/observer.ts';
import type { Outcome } from '../delivery/webhook/classify-response.ts';
import type { RemovalReason } from '../store/installations.ts';
import type { ErrorClass } from './error-class.ts';

/** From a message sent at once, through Slack's pace and retries, to alerts held over a weekend. Seconds. */
const acceptedToSentBuckets = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400, 43_200, 86_400,
  259_200,
];

const requestBuckets = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10];

const kinds: MessageKind[] = ['alert', 'digest'];
const answers: Outcome['kind'][] = ['sent', 'retry', 'wait', 'broken', 'refused'];
const removalReasons: RemovalReason[] = [
  'app_uninstalled',
  'tokens_revoked',
  'account_inactive',
  'token_revoked',
  'invalid_auth',
];
const failures: ErrorClass[] = [
  'network',
  'http_2xx',
  'http_3xx',
  'http_4xx',
  'http_5xx',
  'slack',
  'event_expired',
  'event_missing',
];

export type Metrics = ReturnType<typeof createMetrics>;

/** Labels have few values, none of them an id; docs/operations.md lists them. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Counter({ name: `perly_slack_${name}`, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Gauge({ name: `perly_slack_${name}`, help, labelNames, registers });
  const histogram = <T extends string>(name: string, help: string, buckets: number[], ...labelNames: T[]) =>
    new Histogram({ name: `perly_slack_${name}`, help, buckets, labelNames, registers });

  const metrics = {
    registry,
    events: counter('events_total', 'Events that Perly posted.', 'type', 'answer'),
    decisions: counter(
      'decisions_total',
      'Decisions about events, one for each channel.',
      'decision',
      'reason',
    ),
    deliveries: counter(
      'deliveries_total',
      'Deliveries whose state changed, or that are retried.',
      'change',
      'error',
    ),
    messages: counter('messages_total', 'Messages posted to Slack.', 'kind', 'answer'),
    rateLimited: counter('rate_limited_total', 'Messages that Slack answered with 429.'),
    lostAnswers: counter(
      'lost_answers_total',
      'Messages whose answer was lost, so that they may have been posted twice.',
    ),
    leasesLost: counter('leases_lost_total', 'Leases that expired before they were renewed or released.'),
    takenOver: counter('channels_taken_over_total', 'Channels taken over from a process that ended.'),
    installationsRemoved: counter(
      'installations_removed_total',
      'Workspaces that removed the app, by how the app learned of it.',
      'reason',
    ),
    post: histogram('post_seconds', "From a message's POST to Slack's answer.", requestBuckets),
    acceptedToSent: histogram(
      'accepted_to_sent_seconds',
      "From an event's arrival to Slack's ok, for each alert.",
      acceptedToSentBuckets,
      'kind',
    ),
    requests: histogram(
      'http_request_seconds',
      'Requests to this app, by the template of their path.',
      requestBuckets,
      'method',
      'route',
      'status',
    ),
    databaseUp: gauge('database_up', '1 if the database could be queried.'),
    queueAge: gauge('queue_age_seconds', 'How long the oldest pending delivery has been due.'),
    held: gauge('held_deliveries', 'Held deliveries, counted up to 10,000.'),
    leases: gauge('leases', 'Channels that are served at the moment, by all processes.'),
    brokenChannels: gauge('broken_channels', 'Channels whose webhook is gone.'),
    troubledChannels: gauge(
      'troubled_channels',
      'Channels whose alerts are failing, although their webhooks are not known to be gone.',
    ),
    invalidInstallations: gauge(
      'invalid_installations',
      'Workspaces whose token Slack called invalid at the last check.',
    ),
    agendaLag: gauge('agenda_lag_seconds', 'How late the earliest due job is.'),
  };
  // Without a 0 to start from, the first error would not show as an increase.
  for (const error of failures) metrics.deliveries.inc({ change: 'failed', error }, 0);
  for (const reason of removalReasons) metrics.installationsRemoved.inc({ reason }, 0);
  for (const kind of kinds) for (const answer of answers) metrics.messages.inc({ kind, answer }, 0);
  return metrics;
}

/** Call it once per process, since these metrics keep timers. */
export function collectProcessMetrics({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry });
}

/** @param refresh updates the gauges, and never throws */
export function metricsRoute({
  registry,
  refresh,
}: {
  registry: Pick<Registry, 'metrics' | 'contentType'>;
  refresh: () => Promise<void>;
}): Router {
  const router = express.Router();
  router.get('/metrics', async (_req, res) => {
    await refresh();
    res.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}
