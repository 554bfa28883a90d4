import { signatureHeaders } from '../../sandbox/slack/signing.ts';
import { actionIds } from '../../src/slack/views/action-ids.ts';
import type { TestApp } from './test-app.ts';

const team = 'T0ACMECS001';
const dana = 'U0DANA00001';

export type PostOptions = { type?: string; at?: number; headers?: Record<string, string> };

/** Requests as Slack sends them, to be changed, signed and posted. */
export function slackRequests(running: () => TestApp) {
  const homeOpened = (change: Record<string, unknown> = {}) => ({
    type: 'event_callback',
    team_id: team,
    event_time: Math.floor(Date.now() / 1000),
    event: { type: 'app_home_opened', user: dana, channel: 'D1', tab: 'messages' },
    ...change,
  });

  let lastTrigger = 0;

  const click = (change: Record<string, unknown> = {}) => ({
    type: 'block_actions',
    team: { id: team },
    user: { id: dana, team_id: team },
    trigger_id: `1.2.${++lastTrigger}`,
    actions: [{ type: 'button', action_id: 'open_in_perly', block_id: 'b' }],
    ...change,
  });

  const formType = 'application/x-www-form-urlencoded';
  const form = (payload: unknown) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();

  /** Signed with the app's secret, at `at`. */
  function post(
    body: string | Buffer,
    { type = 'application/json', at = Date.now(), headers = {} }: PostOptions = {},
  ): Promise<Response> {
    const signed = signatureHeaders(running().slack.signingSecret, body.toString(), at);
    return fetch(`${running().url}/slack/events`, {
      method: 'POST',
      headers: { ...signed, 'content-type': type, ...headers },
      body,
    });
  }

  const suggestion = () => ({
    type: 'block_suggestion',
    team: { id: team },
    user: { id: dana, team_id: team },
    action_id: actionIds.timeZone,
    block_id: 'b',
    value: 'ber',
  });

  const postForm = (payload: unknown) => post(form(payload), { type: formType });

  return { click, form, formType, homeOpened, post, postForm, suggestion };
}
