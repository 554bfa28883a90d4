import { z } from 'zod';
import { isDatabaseUri } from '../store/database.ts';

const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Accepts a URL without a trailing slash: https, or http on this machine. */
function baseUrl(example: string) {
  return z
    .string()
    .refine(isBaseUrl, { error: `a URL like ${example} (https; http only for localhost)` })
    .transform((value) => value.replace(/\/+$/, ''));
}

function isNotifyUrl(value: string): boolean {
  return URL.canParse(value) && isSafe(new URL(value));
}

function isBaseUrl(value: string): boolean {
  return isNotifyUrl(value) && new URL(value).search === '';
}

function isSafe({ protocol, hostname, username, password, hash }: URL): boolean {
  if (hash !== '' || username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

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

/** Accepts strict, padded base64; returns an empty buffer for anything else. */
function decodeBase64(value: string): Buffer {
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes : Buffer.alloc(0);
}

/** Standard Webhooks allows 24 to 64 bytes; 32 is our minimum. */
function isWebhookSecret(value: string): boolean {
  const { length } = decodeBase64(value.slice('whsec_'.length));
  return value.startsWith('whsec_') && length >= 32 && length <= 64;
}

const webhookSecrets = list(
  isWebhookSecret,
  'comma-separated, newest first, each whsec_ and 32 to 64 random bytes in base64',
);

/** Printable ASCII has the same bytes in every language. */
function isTokenSecret(value: string): boolean {
  return /^[\x21-\x7e]{32,512}$/.test(value);
}

function isAppSecret(value: string): boolean {
  return decodeBase64(value).length === 32;
}

function nonEmpty(what: string) {
  return z.string().refine((value) => value.trim() !== '', { error: what });
}

function wholeNumber(min: number, max: number, expected: string) {
  return z
    .string()
    .refine((value) => /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max, {
      error: expected,
    })
    .transform(Number);
}

const port = wholeNumber(0, 65535, 'a port number, 0 to 65535 (0: any free one)');

const host = z.string().refine((value) => /^[\w.:-]+$/.test(value), {
  error: 'an IP address or a host name to listen on, like 127.0.0.1 (0.0.0.0 or ::, all interfaces)',
});

function shownText(maxLength: number) {
  return z.string().refine((value) => value.length <= maxLength && !/\p{Cc}/u.test(value), {
    error: `one line of text, at most ${maxLength} characters`,
  });
}

const emailAddress = z.string().refine((value) => /^[^\s@<>"?&]{1,64}@[\w-]+(\.[\w-]+)+$/.test(value), {
  error: 'an e-mail address like support@example.com',
});

const publisher = {
  COMPANY_NAME: shownText(80).default('Perly'),
  SUPPORT_EMAIL: emailAddress.default('support@example.com'),
  SUPPORT_HOURS: shownText(120).default('Monday to Friday. We answer within two working days.'),
  PRICING_TEXT: shownText(300).default(
    'Perly for Slack is free to install. It needs a Perly account, which may have a price of its own.',
  ),
  PRICING_URL: baseUrl('https://perly.ai/pricing').optional(),
  PRIVACY_EMAIL: emailAddress.default('privacy@example.com'),
};

export const publisherVariables = Object.keys(publisher);

export const environment = z.object({
  APP_URL: baseUrl('https://perly-slack.example.com'),
  HOST: host.optional(),
  PORT: port.default(3000),
  TRUST_PROXY: wholeNumber(
    0,
    9,
    'the number of proxies in front of the app, 0 to 9 (required where APP_URL is https)',
  ).optional(),
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
  PERLY_SECRETS: webhookSecrets,
  PERLY_TOKEN_SECRETS: list(
    isTokenSecret,
    'comma-separated, newest first, each 32 to 512 printable ASCII characters without spaces (openssl rand -base64 32)',
  ),
  PERLY_APP_URL: baseUrl('https://app.perly.ai').default('https://app.perly.ai'),
  PERLY_NOTIFY_URL: z
    .string()
    .refine(isNotifyUrl, {
      error: 'a URL like https://app.perly.ai/hooks/slack (https; http only for localhost), or unset',
    })
    .optional(),
  PERLY_NOTIFY_SECRETS: webhookSecrets.optional(),
  ...publisher,
  APP_SECRETS: list(
    isAppSecret,
    'comma-separated, newest first, each 32 random bytes in base64 (openssl rand -base64 32)',
  ),
  MONGODB_URI: z
    .string()
    .refine(isDatabaseUri, {
      error:
        'a URI that the MongoDB driver accepts: it starts with mongodb:// or mongodb+srv://, special characters in user and password are percent-encoded, and every option is known; or unset for the embedded database',
    })
    .optional(),
  DATA_DIR: z.string().default('.data'),
  MAX_REQUESTS_IN_FLIGHT: wholeNumber(1, 9999, 'a number, 1 to 9999').default(64),
  METRICS_HOST: host.default('127.0.0.1'),
  METRICS_PORT: port.optional(),
  STOP_GRACE_SECONDS: wholeNumber(0, 60, 'a number of seconds, 0 to 60').default(5),
  MAX_EVENTS_PER_MINUTE: wholeNumber(1, 999_999_999, 'a number, 1 to 999999999').default(600_000),
  LOG_LEVEL: z.enum(logLevels, { error: `one of ${logLevels.join(', ')}` }).default('info'),
});

export type Environment = z.output<typeof environment>;

export type PartialEnvironment = { [Name in keyof Environment]?: Environment[Name] | undefined };

export function expectationOf(name: string): string {
  const schema = environment.shape[name as keyof typeof environment.shape];
  return schema.safeParse('').error?.issues[0]?.message ?? 'set';
}
