import { afterEach, beforeEach } from 'vitest';
import { findFreePort, localEnvironment } from '../../sandbox/local-environment.ts';
import { createPerlyClient, type PerlyClient, perlySecretsOf } from '../../sandbox/perly/client.ts';
import { type LocalSlack, startLocalSlack } from '../../sandbox/slack/local-slack.ts';
import { readConfig } from '../../src/config.ts';
import { createLastingDatabase, killLeftovers, type LastingDatabase } from './app-process.ts';

/** For each test, a Slack, a Perly and a database that outlive the app's processes. `env` is for those. */
export function setupProcesses(options?: Parameters<typeof startLocalSlack>[0]) {
  let slack: LocalSlack;
  let database: LastingDatabase;
  let env: Record<string, string>;
  let perly: PerlyClient;
  beforeEach(async () => {
    slack = await startLocalSlack(options);
    database = await createLastingDatabase();
    env = { ...localEnvironment(await findFreePort(), slack), ...database.env };
    perly = createPerlyClient(env.APP_URL ?? '', perlySecretsOf(readConfig(env)));
  });
  afterEach(async () => {
    await killLeftovers();
    await slack.close();
    await database.remove();
  });
  return {
    get slack() {
      return slack;
    },
    get env() {
      return env;
    },
    get perly() {
      return perly;
    },
  };
}
