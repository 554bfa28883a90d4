import { randomBytes } from 'node:crypto';
import { readConfig } from '../../src/config.ts';

export const newSecret = () => randomBytes(32).toString('base64');

/** A valid environment with only the required variables. */
export const goodEnvironment = {
  APP_URL: 'https://perly-slack.example.com/',
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'client-secret',
  SLACK_SIGNING_SECRET: 'signing-secret',
  TRUST_PROXY: '1',
  PERLY_SECRETS: `whsec_${newSecret()}`,
  PERLY_TOKEN_SECRETS: newSecret(),
  APP_SECRETS: newSecret(),
};

/** Sets every variable that can hold a secret. */
export const environmentWithSecrets: Record<string, string> = {
  ...goodEnvironment,
  PERLY_NOTIFY_SECRETS: `whsec_${newSecret()}`,
  MONGODB_URI: 'mongodb://user:hunter2@localhost/perly',
};

/** The message that refuses the environment, or `none`. */
export function faultsOf(env: Record<string, string | undefined>): string {
  try {
    readConfig(env);
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
