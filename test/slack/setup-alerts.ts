import express from 'express';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { renderLines, renderMessage } from '../../sandbox/slack/render/render-message.ts';
import { listen } from '../../sandbox/slack/server.ts';
import { toBlockId } from '../../src/messages/alert-controls.ts';
import { deliveryKey, deliveryRef } from '../../src/store/deliveries/document.ts';
import { postAlone } from '../support/post-alone.ts';
import { postTogether } from '../support/post-together.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

export const dana = 'U0DANA00001';
export const milo = 'U0MILO00002';
const team = 'T0ACMECS001';

/** A server in the place of Slack's response URLs, which collects the answers. */
async function collectAnswers() {
  const texts: string[] = [];
  const web = express().post('/', express.json(), (req, res) => {
    texts.push(req.body.text);
    res.send('ok');
  });
  const { origin, close } = await listen(web, 0);
  return { texts, url: `${origin}/`, close };
}

/**
 * The app for the tests of a file, with #customer-health, whose manager is Dana; posts alerts there and clicks on them.
 *
 * @param origins further origins of response URLs that the app accepts
 */
export function setupAlerts({ origins = () => [] }: { origins?: () => readonly string[] } = {}) {
  let running: TestApp;
  let answers: Awaited<ReturnType<typeof collectAnswers>>;
  beforeAll(async () => {
    answers = await collectAnswers();
    running = await startTestApp({
      paceMs: shortPaceMs,
      origins: [new URL(answers.url).origin, ...origins()],
    });
    await running.connect('#customer-health', 'acct_demo');
  });
  afterAll(async () => {
    await running.close();
    await answers.close();
  });
  beforeEach(() => {
    running.slack.refusals.length = 0;
  });

  let lastId = 0;
  const event = (change: Record<string, unknown> = {}) => ({
    ...sampleEvent('seed-example'),
    id: `evt_${++lastId}`,
    ...change,
  });

  /** An event about a customer of its own. */
  function eventOn(name: string, change: Record<string, unknown> = {}) {
    const url = `https://app.perly.ai/customers/${name.toLowerCase()}`;
    return event({ customer: { id: `cus_${name.toLowerCase()}`, name, url }, ...change });
  }

  /** Posts events and waits for the one message with all their alerts. @returns its `ts` */
  async function posted(events: object[]): Promise<string> {
    if (events.length === 1) return postAlone(running, '#customer-health', { events });
    const inChannel = () =>
      running.slack.messages('#customer-health').filter(({ webhookId }) => webhookId !== undefined);
    const before = inChannel().length;
    await postTogether(running, '#customer-health', events);
    await running.slack.waitForMessages(() => inChannel().length > before);
    return inChannel().at(-1)?.ts ?? '';
  }

  /** Posts events together with so many others that each alert has a menu instead of buttons. */
  const postedWithMenus = (events: object[]) =>
    posted([
      ...events,
      ...Array.from({ length: 6 - events.length }, (_, index) => eventOn(`Beside${index}`)),
    ]);

  const linesOf = (ts: string) => renderLines(running.slack.model.message(ts)?.payload);
  /** The text of each alert of a message. */
  const parts = (ts: string) =>
    renderMessage(running.slack.model.message(ts)?.payload)
      .filter(({ colour }) => colour !== undefined)
      .map(({ lines }) => lines.join('\n'));
  const read = (ts: string) => linesOf(ts).join('\n');
  /** The latest message that only this person sees. */
  const lastEphemeral = (userId: string) =>
    running.slack.messages().findLast(({ ephemeralTo }) => ephemeralTo === userId)?.payload.text ?? '';
  const delivery = (id: string) =>
    running.db.collection('deliveries').findOne({ eventKey: JSON.stringify(['acct_demo', id]) });
  const mute = (customerId: string) => running.db.collection('mutes').findOne({ customerId });

  /** An interaction of Milo's as Slack sends it, with the response URL of the collecting server. */
  function clickOf(ts: string, action: { action_id: string; block_id: string }, more: object = {}) {
    return {
      type: 'block_actions',
      team: { id: team },
      user: { id: milo, team_id: team },
      channel: { id: 'C0HEALTH001' },
      message: running.slack.model.message(ts)?.shown,
      response_url: answers.url,
      trigger_id: '1.2.a',
      actions: [{ type: 'button', ...action }],
      ...more,
    };
  }

  const blockIdOf = (id: string) =>
    toBlockId({
      ref: deliveryRef(deliveryKey(JSON.stringify(['acct_demo', id]), `${team}:C0HEALTH001`)),
      revision: 0,
    });

  return {
    get running(): TestApp {
      return running;
    },
    event,
    eventOn,
    posted,
    postedWithMenus,
    linesOf,
    parts,
    read,
    lastEphemeral,
    delivery,
    mute,
    clickOf,
    blockIdOf,
    /** The latest answer to a click of `clickOf`. */
    lastAnswer: () => answers.texts.at(-1),
  };
}
