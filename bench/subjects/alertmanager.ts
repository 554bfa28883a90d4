import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { findFreePort } from '../../sandbox/local-environment.ts';
import type { SampleEvent } from '../load/sample.ts';
import type { Sink } from '../load/sink.ts';
import { numbersOf, requireInstalled, type Subject, startProcess } from './subject.ts';

/** The name in Debian's package prometheus-alertmanager. */
const command = 'prometheus-alertmanager';

/**
 * Prometheus Alertmanager with the four routes: one group per event, sent at once.
 * @throws NotInstalledError
 */
export async function startAlertmanager(sink: Sink): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'perly-bench-alertmanager-'));
  const port = await findFreePort();
  const config = join(folder, 'alertmanager.yml');
  await writeFile(config, stringify(configFor(sink)));
  const args = [
    `--config.file=${config}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  const server = await requireInstalled(`apt-get install ${command}`, () =>
    startProcess(command, args, { ready: 'Listening on' }),
  );
  return {
    pids: [server.pid],
    toRequest: (events) => ({
      origin: `http://127.0.0.1:${port}`,
      path: '/api/v2/alerts',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(events.map(toAlert)),
      numbers: numbersOf(events),
    }),
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

function toAlert({ id, type, account_id, customer, risk_level, signals, suggested_action }: SampleEvent) {
  return {
    labels: { alertname: type, event: id, account: account_id, ...(risk_level && { risk: risk_level }) },
    annotations: {
      name: customer.name,
      url: customer.url,
      signals: signals.join(', '),
      suggested: suggested_action,
    },
    startsAt: new Date().toISOString(),
  };
}

/** The four presets, and a message like ours. */
function configFor(sink: Sink): unknown {
  const receivers = ['everything', 'escalations', 'revenue', 'billing'];
  const [everything] = receivers;
  return {
    route: {
      receiver: everything,
      group_by: ['event'],
      group_wait: '0s',
      group_interval: '5m',
      repeat_interval: '24h',
      routes: [
        { receiver: 'escalations', matchers: ['alertname="customer_at_risk"', 'risk=~"high|critical"'] },
        { receiver: 'revenue', matchers: ['alertname=~"expansion_signal|upsell_opportunity"'] },
        { receiver: 'billing', matchers: ['alertname="billing_retry_failed"'] },
        { receiver: everything, matchers: ['alertname="health_score_drop"'] },
      ],
    },
    receivers: receivers.map((name) => ({
      name,
      slack_configs: [
        {
          api_url: `${sink.origin}/services/${name}`,
          send_resolved: false,
          color: '#F97316',
          title: '{{ .CommonAnnotations.name }}',
          title_link: '{{ .CommonAnnotations.url }}',
          text: 'Signals: {{ .CommonAnnotations.signals }}\nSuggested: {{ .CommonAnnotations.suggested }}',
          fallback: '{{ .CommonAnnotations.name }}: {{ .CommonLabels.alertname }}',
        },
      ],
    })),
  };
}
