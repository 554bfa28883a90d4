import { listDatabaseSecrets } from './config/database-secrets.ts';
import { readEnvironment } from './config/read-environment.ts';
import { type Environment, environment, publisherVariables } from './config/variables.ts';
import { AppError } from './lib/errors.ts';

/** The variables that `readConfig` reads, in the order of the table in docs/operations.md. */
export const configVariables = Object.keys(environment.shape);

/** The environment, checked. `appSecrets` are 32 bytes each; URLs have no trailing slash. */
export type Config = {
  appUrl: string;
  /** The address that the app listens on; `undefined`: all interfaces. */
  host: string | undefined;
  port: number;
  /** How many proxies stand before the app: as many entries of `X-Forwarded-For` are believed. */
  trustProxy: number;
  slack: {
    clientId: string;
    clientSecret: string;
    signingSecret: string;
    apiUrl: string;
    authorizeUrl: string;
    webhookOrigins: string[];
    /** How many messages may be under way to Slack at once, all channels together. */
    maxRequestsInFlight: number;
  };
  perly: {
    /** `whsec_…`, the newest first: Perly signs events with them. */
    secrets: string[];
    /** The newest first; their UTF-8 bytes are the keys of tokens. */
    tokenSecrets: string[];
    appUrl: string;
    /** Where changes of channels are posted to, if anywhere. */
    notifyUrl: string | undefined;
    /** `whsec_…`, the newest first, which signs what is posted to `notifyUrl`. */
    notifySecrets: string[];
    /** How many events an account may post within a minute. */
    maxEventsPerMinute: number;
  };
  /** What the public pages say of whoever offers the app. */
  publisher: {
    companyName: string;
    supportEmail: string;
    supportHours: string;
    pricingText: string;
    pricingUrl: string | undefined;
    privacyEmail: string;
    /** The variables of the above that nobody has set. */
    defaults: string[];
  };
  appSecrets: Buffer[];
  mongodbUri: string | undefined;
  dataDir: string;
  /** Where /metrics is served; without a port, nowhere. */
  metrics: { host: string; port: number | undefined };
  /** How long the process goes on serving after SIGTERM, while a load balancer takes note. Milliseconds. */
  stopGraceMs: number;
  logLevel: Environment['LOG_LEVEL'];
};

/**
 * Reads and checks the environment. An empty variable counts as unset; a secret may stand in a file that
 * `<NAME>_FILE` names.
 *
 * @throws AppError `config_invalid` that names every variable that is missing or wrong and what it should be;
 *   the message holds no value of any variable
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const { data, faults } = readEnvironment(env);
  if (faults !== undefined) throw new AppError('config_invalid', explain(faults));
  return {
    appUrl: data.APP_URL,
    host: data.HOST,
    port: data.PORT,
    trustProxy: data.TRUST_PROXY ?? 0,
    slack: {
      clientId: data.SLACK_CLIENT_ID,
      clientSecret: data.SLACK_CLIENT_SECRET,
      signingSecret: data.SLACK_SIGNING_SECRET,
      apiUrl: data.SLACK_API_URL,
      authorizeUrl: data.SLACK_AUTHORIZE_URL,
      webhookOrigins: data.SLACK_WEBHOOK_ORIGINS.map((origin) => new URL(origin).origin),
      maxRequestsInFlight: data.MAX_REQUESTS_IN_FLIGHT,
    },
    perly: {
      secrets: data.PERLY_SECRETS,
      tokenSecrets: data.PERLY_TOKEN_SECRETS,
      appUrl: data.PERLY_APP_URL,
      notifyUrl: data.PERLY_NOTIFY_URL,
      notifySecrets: data.PERLY_NOTIFY_SECRETS ?? [],
      maxEventsPerMinute: data.MAX_EVENTS_PER_MINUTE,
    },
    publisher: {
      companyName: data.COMPANY_NAME,
      supportEmail: data.SUPPORT_EMAIL,
      supportHours: data.SUPPORT_HOURS,
      pricingText: data.PRICING_TEXT,
      pricingUrl: data.PRICING_URL,
      privacyEmail: data.PRIVACY_EMAIL,
      defaults: publisherVariables.filter((name) => (env[name] ?? '').trim() === ''),
    },
    appSecrets: data.APP_SECRETS.map((secret) => Buffer.from(secret, 'base64')),
    mongodbUri: data.MONGODB_URI,
    dataDir: data.DATA_DIR,
    metrics: { host: data.METRICS_HOST, port: data.METRICS_PORT },
    stopGraceMs: data.STOP_GRACE_SECONDS * 1000,
    logLevel: data.LOG_LEVEL,
  };
}

/** Everything in a configuration that must not appear in a log, an answer or a page. */
export function listSecrets({ slack, perly, appSecrets, mongodbUri }: Config): string[] {
  return [
    slack.clientSecret,
    slack.signingSecret,
    ...[...perly.secrets, ...perly.notifySecrets, ...perly.tokenSecrets].flatMap((secret) => [
      secret,
      secret.replace(/^whsec_/, ''),
    ]),
    ...appSecrets.map((secret) => secret.toString('base64')),
    ...listDatabaseSecrets(mongodbUri ?? ''),
  ];
}

function explain(faults: readonly string[]): string {
  return [
    `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:`,
    ...faults.map((fault) => `  ${fault}`),
    'See .env.example for every variable.',
  ].join('\n');
}
