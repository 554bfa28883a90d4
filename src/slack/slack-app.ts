import { App, type Logger as BoltLogger, ExpressReceiver } from '@slack/bolt';
import type { CallbackOptions, InstallationStore, InstallProvider, StateStore } from '@slack/oauth';
import type { Express } from 'express';
import { createPendingWork } from '../lib/pending-work.ts';
import type { SlackTimeouts } from './timeouts.ts';
import { createClientWith, toWebClientOptions } from './web-client.ts';

export const scopes = ['incoming-webhook'];

export const redirectPath = '/slack/oauth_redirect';

export type SlackApp = {
  app: App;
  installer: InstallProvider;
  redirectUri: string;
  clientWith: ReturnType<typeof createClientWith>;
  settled: () => Promise<void>;
};

export function createSlackApp(parts: {
  config: {
    appUrl: string;
    slack: {
      clientId: string;
      clientSecret: string;
      signingSecret: string;
      apiUrl: string;
      authorizeUrl: string;
    };
  };
  web: Express;
  logger: BoltLogger;
  installationStore: InstallationStore;
  stateStore: StateStore;
  callbackOptions: CallbackOptions;
  timeouts: SlackTimeouts;
  fetch: typeof fetch;
}): SlackApp {
  const { config, logger, timeouts } = parts;
  const redirectUri = `${config.appUrl}${redirectPath}`;
  const clientOptions = toWebClientOptions({ config, timeouts, fetch: parts.fetch, logger });
  const receiver = new ExpressReceiver({
    app: parts.web,
    signingSecret: config.slack.signingSecret,
    unhandledRequestTimeoutMillis: timeouts.unacknowledgedMs,
    logger,
    clientId: config.slack.clientId,
    clientSecret: config.slack.clientSecret,
    scopes,
    redirectUri,
    installationStore: parts.installationStore,
    installerOptions: {
      directInstall: true,
      redirectUriPath: redirectPath,
      stateStore: parts.stateStore,
      authorizationUrl: config.slack.authorizeUrl,
      callbackOptions: parts.callbackOptions,
      clientOptions,
    },
  });
  const app = new App({
    receiver,
    logger,
    convoStore: false,
    clientOptions: { ...clientOptions },
  });
  app.error(async (error) => {
    logger.error(error);
    throw error;
  });
  // Slack is answered at once and the work continues; a stopping process finishes it first.
  const { track, settled } = createPendingWork();
  app.use(({ next }) => track(next()));
  if (receiver.installer === undefined) throw new TypeError('Bolt was set up without OAuth.');
  return {
    app,
    installer: receiver.installer,
    redirectUri,
    settled,
    clientWith: createClientWith(clientOptions),
  };
}
