import { listDatabaseSecrets } from './config/database-secrets.ts';
import { readEnvironment } from './config/read-environment.ts';
import { type Environment, environment, publisherVariables } from './config/variables.ts';
import type { Publisher } from './domain/publisher.ts';
import { AppError } from './lib/errors.ts';

/** The variables are in the order of the table in docs/operations.md. */
export const configVariables = Object.keys(environment.shape);

/** `appSecrets` have 32 bytes each; URLs have no trailing slash. */
export type Config = {
  appUrl: string;
  /** `undefined` for all interfaces. */
  host: string | undefined;
  port: number;
  /** Number of trusted entries of `X-Forwarded-For`. */
  trustProxy: number;
  slack: {
    clientId: string;
    clientSecret: string;
    signingSecret: string;
    apiUrl: string;
    authorizeUrl: string;
    webhookOrigins: string[];
    /** The limit for all channels together. */
    maxRequestsInFlight: number;
  };
  perly: {
    /** `whsec_…`, newest first. */
    secrets: string[];
    /** Newest first; the UTF-8 bytes are the keys of tokens. */
    tokenSecrets: string[];
    appUrl: string;
    notifyUrl: string | undefined;
    /** `whsec_…`, newest first. */
    notifySecrets: string[];
    maxEventsPerMinute: number;
  };
  publisher: Publisher & {
    defaults: string[];
  };
  appSecrets: Buffer[];
  mongodbUri: string | undefined;
  dataDir: string;
  /** Metrics are not served without a port. */
  metrics: { host: string; port: number | undefined };
  /** Time that the process keeps serving after SIGTERM, while load balancers notice. */
  stopGraceMs: number;
  logLevel: Environment['LOG_LEVEL'];
};

/**
 * An empty variable counts as unset.
 * @throws AppError `config_invalid`: names every wrong variable, without any value
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

/** Lists texts that must not appear in a log, an answer or a page. */
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
    `The configuration has ${faults.length === 1 ? 'an error' : `${faults.length} errors`}:`,
    ...faults.map((fault) => `  ${fault}`),
    '.env.example describes every variable.',
  ].join('\n');
}
