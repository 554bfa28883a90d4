import { z } from 'zod';
import { AppError } from './errors.ts';

/** How loud the log is, the loudest last. */
const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** A base URL without a slash at its end: https, or http on this machine. */
function baseUrl(example: string) {
  return z
    .string()
    .refine(isBaseUrl, { error: `a URL like ${example} (https; http only for localhost)` })
    .transform((value) => value.replace(/\/+$/, ''));
}

/** Where Perly is told: an address of the operator's own, query and all. */
function isNotifyUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return isBaseUrl(url.origin) && url.username === '' && url.password === '' && url.hash === '';
}

function isBaseUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** A comma-separated list of at least one item, each of which `isItem` accepts. */
function list(isItem: (item: string) => boolean, expected: string) {
  return z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    .refine((items) => items.length > 0 && items.every(isItem), { error: expected });
}

function isOrigin(value: string): boolean {
  return isBaseUrl(value) && new URL(value).origin === value.replace(/\/$/, '');
}

/** The bytes of strict base64, with its padding; empty for anything else. */
function decodeBase64(value: string): Buffer {
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes : Buffer.alloc(0);
}

/** Standard Webhooks: `whsec_` and 24 to 64 random bytes in base64. */
function isWebhookSecret(value: string): boolean {
  const { length } = decodeBase64(value.slice('whsec_'.length));
  return value.startsWith('whsec_') && length >= 24 && length <= 64;
}

function isAppSecret(value: string): boolean {
  return decodeBase64(value).length === 32;
}

function nonEmpty(what: string) {
  return z.string().refine((value) => value.trim() !== '', { error: what });
}

const port = z
  .string()
  .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65535, {
    error: 'a port number, 0 to 65535 (0: any free one)',
  })
  .transform(Number);

const environment = z.object({
  APP_URL: baseUrl('https://perly-slack.example.com'),
  PORT: port.default(3000),
  SLACK_CLIENT_ID: nonEmpty("the Client ID from the Slack app's Basic Information"),
  SLACK_CLIENT_SECRET: nonEmpty("the Client Secret from the Slack app's Basic Information"),
  SLACK_SIGNING_SECRET: nonEmpty("the Signing Secret from the Slack app's Basic Information"),
  SLACK_API_URL: baseUrl('https://slack.com/api').default('https://slack.com/api'),
  SLACK_AUTHORIZE_URL: baseUrl('https://slack.com/oauth/v2/authorize').default(
    'https://slack.com/oauth/v2/authorize',
  ),
  SLACK_WEBHOOK_ORIGINS: list(isOrigin, 'comma-separated origins like https://hooks.slack.com').default([
    'https://hooks.slack.com',
  ]),
  PERLY_SECRETS: list(
    isWebhookSecret,
    'comma-separated, the newest first, each whsec_ and 24 to 64 random bytes in base64',
  ),
  PERLY_APP_URL: baseUrl('https://app.perly.ai').default('https://app.perly.ai'),
  PERLY_NOTIFY_URL: z
    .string()
    .refine(isNotifyUrl, {
      error: 'a URL like https://app.perly.ai/hooks/slack (https; http only for localhost), or unset',
    })
    .optional(),
  APP_SECRETS: list(
    isAppSecret,
    'comma-separated, the newest first, each 32 random bytes in base64 (openssl rand -base64 32)',
  ),
  MONGODB_URI: z
    .string()
    .refine((value) => /^mongodb(\+srv)?:\/\/./.test(value), {
      error: 'a URI that starts with mongodb:// or mongodb+srv://, or unset for the embedded store',
    })
    .optional(),
  DATA_DIR: z.string().default('.data'),
  MAX_REQUESTS_IN_FLIGHT: z
    .string()
    .refine((value) => /^\d{1,4}$/.test(value) && Number(value) > 0, { error: 'a number, 1 to 9999' })
    .transform(Number)
    .default(64),
  METRICS_PORT: port.optional(),
  STOP_GRACE_SECONDS: z
    .string()
    .refine((value) => /^\d{1,2}$/.test(value) && Number(value) <= 60, {
      error: 'a number of seconds, 0 to 60',
    })
    .transform(Number)
    .default(5),
  MAX_EVENTS_PER_MINUTE: z
    .string()
    .refine((value) => /^\d{1,9}$/.test(value) && Number(value) > 0, { error: 'a number, 1 to 999999999' })
    .transform(Number)
    .default(600_000),
  TRUST_PROXY: z
    .string()
    .refine((value) => /^\d$/.test(value), { error: 'how many proxies stand before the app, 0 to 9' })
    .transform(Number)
    .optional(),
  LOG_LEVEL: z.enum(logLevels, { error: `one of ${logLevels.join(', ')}` }).default('info'),
});

/** The variables that `readConfig` reads, in the order in which the README names them. */
export const configVariables = Object.keys(environment.shape);

/** What the environment says, checked. `appSecrets` are 32 bytes each; URLs have no slash at their end. */
export type Config = {
  appUrl: string;
  port: number;
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
    secrets: string[];
    appUrl: string;
    /** Where Perly is told of its channels, if it wants to be. */
    notifyUrl: string | undefined;
    /** How many events an account may post within a minute. */
    maxEventsPerMinute: number;
  };
  /** How many proxies stand before the app; `undefined` where nobody said. */
  trustProxy: number | undefined;
  appSecrets: Buffer[];
  mongodbUri: string | undefined;
  dataDir: string;
  /** Where /metrics is served, the main port or another one; `undefined`: nowhere. */
  metricsPort: number | undefined;
  /** How long the process goes on serving after SIGTERM, while a load balancer takes note. Milliseconds. */
  stopGraceMs: number;
  logLevel: (typeof logLevels)[number];
};

/**
 * Reads and checks the environment. An empty variable counts as unset.
 *
 * @throws AppError `config_invalid` that names every variable that is missing or wrong and what it should be;
 *   the message holds no value of any variable
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = environment.safeParse(given);
  if (!result.success) throw new AppError('config_invalid', explain(result.error, given));
  const { data } = result;
  return {
    appUrl: data.APP_URL,
    port: data.PORT,
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
      appUrl: data.PERLY_APP_URL,
      notifyUrl: data.PERLY_NOTIFY_URL,
      maxEventsPerMinute: data.MAX_EVENTS_PER_MINUTE,
    },
    trustProxy: data.TRUST_PROXY,
    appSecrets: data.APP_SECRETS.map((secret) => Buffer.from(secret, 'base64')),
    mongodbUri: data.MONGODB_URI,
    dataDir: data.DATA_DIR,
    metricsPort: data.METRICS_PORT,
    stopGraceMs: data.STOP_GRACE_SECONDS * 1000,
    logLevel: data.LOG_LEVEL,
  };
}

/** What of a configuration must never be read anywhere. */
export function listSecrets({ slack, perly, appSecrets }: Config): string[] {
  return [
    slack.clientSecret,
    slack.signingSecret,
    ...perly.secrets.flatMap((secret) => [secret, secret.replace(/^whsec_/, '')]),
    ...appSecrets.map((secret) => secret.toString('base64')),
  ];
}

function explain(error: z.ZodError, given: Record<string, unknown>): string {
  const lines = error.issues.map((issue) => {
    const name = String(issue.path[0]);
    if (name in given) return `  ${name} is wrong. It should be ${issue.message}.`;
    return `  ${name} is missing. It should be ${expectation(name)}.`;
  });
  return [
    `The configuration has ${lines.length === 1 ? 'a fault' : `${lines.length} faults`}:`,
    ...lines,
    'See .env.example for every variable.',
  ].join('\n');
}

/** What a variable should be, in the words that a wrong value gets. */
function expectation(name: string): string {
  const schema = environment.shape[name as keyof typeof environment.shape];
  return schema.safeParse('').error?.issues[0]?.message ?? 'set';
}
