import express from 'express';
import { type AppAnswer, createAppClient } from './app-client.ts';
import { authTest } from './auth-test.ts';
import { blockMethods } from './block-methods.ts';
import { approve, type ConsentChoice, deny, install } from './browser.ts';
import { deepLinks } from './deep-links.ts';
import { createEventDelivery } from './event-delivery.ts';
import { createEvents, type Events } from './events.ts';
import { type ArmedFault, type Fault, Faults } from './faults.ts';
import type { Grant } from './grants.ts';
import { createHoldableClient, type HeldRequests } from './held-requests.ts';
import { createIds } from './ids.ts';
import { SlackModel } from './model.ts';
import { type AccessAnswer, grantAccess } from './oauth-access.ts';
import { installersOf, oauthRoutes } from './oauth-routes.ts';
import { appOf, type LocalSlackOptions, teamsOf } from './options.ts';
import { Payloads } from './payloads.ts';
import { createPace } from './rate.ts';
import type { Installation, Message, Refusal, Team, Webhook, WebhookCall } from './records.ts';
import { ResponseUrls } from './response-urls.ts';
import type { TeamSeed } from './seed.ts';
import { listen } from './server.ts';
import { Triggers } from './triggers.ts';
import { createUserActions, type UserActions } from './user-actions.ts';
import { viewMethods } from './view-methods.ts';
import { Views } from './views.ts';
import { waitForMessages } from './wait-for.ts';
import { webApi } from './web-api.ts';
import { webhookPages } from './webhook-pages.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** Channels are identified by id, `name` or `#name`; names refer to the first workspace. */
export interface LocalSlack extends Events, UserActions {
  readonly url: string;
  readonly authorizeUrl: string;
  /** With a trailing slash. */
  readonly apiUrl: string;
  readonly webhookOrigin: string;
  readonly appName: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signingSecret: string;
  readonly model: SlackModel;

  /** In order of arrival, in one channel or in all. */
  messages(channel?: string): Message[];
  /** Without polling; at most two minutes by default, which only a hang reaches. */
  waitForMessages(
    wanted: number | ((messages: readonly Message[]) => boolean),
    timeoutMs?: number,
    channel?: string,
  ): Promise<Message[]>;
  onMessage(listener: (message: Message) => void): () => void;
  readonly installations: Installation[];
  readonly webhooks: Webhook[];
  readonly refusals: Refusal[];
  readonly webhookCalls: WebhookCall[];

  addTeam(seed: TeamSeed): Team;
  /** Slack's requests go to `${url}/slack/events`. */
  setAppUrl(url: string): void;
  setClientUrl(url: string): void;
  approve(authorizeUrl: string, choice?: ConsentChoice): Promise<string>;
  deny(authorizeUrl: string): Promise<string>;
  install(installUrl: string, choice?: ConsentChoice | 'cancel'): Promise<Response>;
  /** As if the person had allowed the app, and it had exchanged its code. */
  grant(to: { channel: string; teamId?: string; userId?: string }): AccessAnswer;

  /** For the next `times` requests or until cleared; `*` is all channels. */
  failWebhook(channel: string, fault: Fault, times?: number): ArmedFault;
  failApi(method: string, fault: Fault, times?: number): ArmedFault;
  /** Concerns all of them. */
  failResponseUrl(fault: Fault, times?: number): ArmedFault;
  /** Also releases hanging requests. */
  clearFaults(): void;

  archiveChannel(channel: string): void;
  unarchiveChannel(channel: string): void;
  deleteChannel(channel: string): void;
  /** As an administrator can: `action_prohibited`. */
  prohibitChannel(channel: string): void;
  /** Slack then answers `no_service` or the given word. */
  revokeWebhooks(channel: string, as?: string): void;
  requireApproval(teamId?: string): void;
  approveApp(teamId?: string): void;
  disableTeam(teamId?: string): void;
  enableTeam(teamId?: string): void;

  /** Unchanged, signed, in a form's field `payload`. */
  sendInteraction(payload: object): Promise<AppAnswer>;
  /** To send them late, twice, or out of order. */
  holdRequests(): HeldRequests;

  close(): Promise<void>;
}

/** A trigger is valid as long (https://docs.slack.dev/interactivity/handling-user-interaction). */
const slackTimeoutMs = 3000;

export async function startLocalSlack(options: LocalSlackOptions = {}): Promise<LocalSlack> {
  const { clock = Date.now, answerTimeoutMs = slackTimeoutMs } = options;
  const model = new SlackModel(clock, createIds(options.random));
  for (const seed of teamsOf(options)) model.addTeam(seed);
  const app = appOf(options);
  const grants = new Map<string, Grant>();
  const webhookFaults = new Faults();
  const apiFaults = new Faults();
  const responseFaults = new Faults();
  const allFaults = [webhookFaults, apiFaults, responseFaults];
  const pace = options.enforceRate === false ? undefined : createPace(clock, options.burst ?? 2);

  const http = express();
  http.disable('x-powered-by');
  http.disable('etag');
  const listening = await listen(http, options.port ?? 0);
  const url = listening.origin;
  let appUrl = options.appUrl;
  const appClient = createAppClient(
    () => {
      if (appUrl === undefined)
        throw new Error('the local Slack does not know the URL of the app: call setAppUrl');
      return new URL('/slack/events', appUrl).href;
    },
    app.signingSecret,
    answerTimeoutMs,
  );
  const client = createHoldableClient(appClient);
  const views = new Views(model);
  const triggers = new Triggers(clock, model.ids, answerTimeoutMs);
  const responseUrls = new ResponseUrls(model, url);
  const delivery = createEventDelivery(client, clock, options.delayedEvents ?? false);
  const payloads = new Payloads(model, views, app);
  const methods = { 'auth.test': authTest(model), ...blockMethods, ...viewMethods(model, views, triggers) };
  let clientUrl: string | undefined;
  http.use(deepLinks(model, app, () => clientUrl));
  http.use(oauthRoutes(model, app, grants));
  http.use(webApi({ model, app, grants, faults: apiFaults, origin: url, methods }));
  http.use(webhookPages(model));
  http.use(webhookRoutes({ model, faults: webhookFaults, pace }));
  http.use(responseUrls.routes(responseFaults));

  const find = (channel: string) => model.channel(channel);
  const setState = (channel: string, state: 'active' | 'archived' | 'deleted' | 'prohibited') => {
    find(channel).state = state;
  };
  return {
    url,
    authorizeUrl: `${url}/oauth/v2/authorize`,
    apiUrl: `${url}/api/`,
    webhookOrigin: url,
    appName: app.name,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    signingSecret: app.signingSecret,
    model,
    messages: (channel) => [...model.messages(channel === undefined ? undefined : find(channel).id)],
    waitForMessages: (wanted, timeoutMs = 120_000, channel) =>
      waitForMessages(model, wanted, timeoutMs, channel === undefined ? undefined : find(channel).id),
    onMessage: (listener) => {
      model.on('message', listener);
      return () => model.off('message', listener);
    },
    get installations() {
      return [...model.installations.values()];
    },
    get webhooks() {
      return [...model.webhooks.values()];
    },
    refusals: model.refusals,
    webhookCalls: model.webhookCalls,
    addTeam: (seed) => model.addTeam(seed),
    setClientUrl: (to) => {
      clientUrl = to;
    },
    setAppUrl: (to) => {
      appUrl = to;
    },
    ...createEvents(model, views, app, client, delivery),
    ...createUserActions({ model, views, triggers, payloads, responseUrls, client }),
    sendInteraction: (payload) => client.postForm(payload),
    holdRequests: client.holdRequests,
    approve,
    deny,
    install,
    grant({ channel, teamId, userId }) {
      const team = model.team(teamId);
      const [first] = installersOf(model, team.id);
      return grantAccess(
        model,
        app,
        {
          teamId: team.id,
          userId: userId ?? first?.id ?? '',
          channelId: model.channel(channel, team.id).id,
          scopes: ['incoming-webhook'],
        },
        url,
      );
    },
    failWebhook: (channel, fault, times) =>
      webhookFaults.arm(channel === '*' ? channel : find(channel).id, fault, times),
    failApi: (method, fault, times) => apiFaults.arm(method, fault, times),
    failResponseUrl: (fault, times) => responseFaults.arm('response_url', fault, times),
    clearFaults: () => {
      for (const faults of allFaults) faults.clear();
    },
    archiveChannel: (channel) => setState(channel, 'archived'),
    unarchiveChannel: (channel) => setState(channel, 'active'),
    deleteChannel: (channel) => setState(channel, 'deleted'),
    prohibitChannel: (channel) => setState(channel, 'prohibited'),
    revokeWebhooks: (channel, as = 'no_service') => {
      const { id } = find(channel);
      for (const webhook of model.webhooks.values()) {
        if (webhook.channelId === id) webhook.revokedAs ??= as;
      }
    },
    requireApproval: (teamId) => {
      model.team(teamId).needsApproval = true;
    },
    approveApp: (teamId) => {
      model.team(teamId).needsApproval = false;
    },
    disableTeam: (teamId) => {
      model.team(teamId).disabled = true;
    },
    enableTeam: (teamId) => {
      model.team(teamId).disabled = false;
    },
    close: async () => {
      delivery.stop();
      for (const faults of allFaults) faults.clear();
      await listening.close();
    },
  };
}
