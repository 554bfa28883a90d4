import type { Db } from 'mongodb';
import type { Config } from '../../src/config.ts';
import { presets } from '../../src/domain/presets.ts';
import { channelKey, createChannelStore } from '../../src/store/channels/store.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import type { PerlyClient } from '../perly/client.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { type RenderedPart, renderMessage } from '../slack/render/render-message.ts';
import { channels, createSamples, type Sample } from './plan.ts';
import { bad, faint, good, printPart, say, strong } from './print.ts';
import { account } from './start-demo.ts';

/** For all alerts together, far more than they need. */
const timeoutMs = 15_000;

type Demo = { slack: LocalSlack; perly: PerlyClient; db: Db; config: Config };

/** @returns differences from the plan */
export async function runDemo(stage: Demo): Promise<string[]> {
  const faults: string[] = [];
  const samples = createSamples(stage.config.perly.appUrl);
  say(strong('Connecting four channels, as Connect Slack in Perly does'));
  for (const channel of channels) faults.push(...(await connect(stage, channel)));

  say(strong('\nPosting signed events, each of them twice'));
  for (const sample of samples) faults.push(...(await post(stage, sample)));

  const isComplete = () =>
    channels.every(({ name }) => compare(samples, name, arrived(stage, name)).length === 0);
  await stage.slack.waitForMessages(isComplete, timeoutMs).catch(() => undefined);
  for (const { name, preset } of channels) {
    say(`\n${strong(name)} ${faint(preset)}`);
    const parts = arrived(stage, name);
    for (const part of parts) {
      printPart(part);
      say();
    }
    faults.push(...compare(samples, name, parts));
  }
  return faults;
}

async function connect(
  { slack, perly, db, config }: Demo,
  { name, preset }: (typeof channels)[number],
): Promise<string[]> {
  const page = await slack.install(await perly.installUrl(account.id), { channel: name });
  const webhook = slack.webhooks.at(-1);
  const rules = presets.find((candidate) => candidate.name === preset)?.rules;
  if (page.status !== 200 || webhook === undefined || rules === undefined)
    return [`${name} is not connected: the page answers ${page.status}`];
  const store = createChannelStore(db, createKeyring(config.appSecrets));
  const channelId = channelKey(webhook.teamId, webhook.channelId);
  const channel = await store.find(channelId);
  if (channel !== undefined) await store.changeSettings(channel, channel.version, { rules });
  say(`  ${good('✓')} ${name} ${faint(preset)}`);
  return [];
}

async function post({ perly }: Demo, { title, event, status }: Sample): Promise<string[]> {
  const answers = [await perly.post(event), await perly.post(event)];
  const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as Record<string, unknown>[];
  const isRight =
    answers.every((answer) => answer.status === status) &&
    (status !== 202 || (bodies[0]?.accepted === 1 && bodies[1]?.duplicates === 1));
  const problems = bodies.map((body) => JSON.stringify(body.errors ?? body)).join(' ');
  say(`  ${isRight ? good('✓') : bad('✗')} ${title}: ${answers[0]?.status} ${faint(problems)}`);
  return isRight
    ? []
    : [`${title} was answered with ${answers.map((answer) => answer.status).join(' and ')}`];
}

function arrived({ slack }: Demo, channel: string): RenderedPart[] {
  return slack.messages(channel).flatMap(({ payload }) => renderMessage(payload));
}

/** Each expected alert once, and no others. */
function compare(samples: readonly Sample[], name: string, parts: readonly RenderedPart[]): string[] {
  const alerts = parts.filter(({ colour }) => colour !== undefined);
  return samples
    .filter(({ status }) => status === 202)
    .flatMap(({ title, event, to }) => {
      const wanted = to.some((channel) => channel === name) ? 1 : 0;
      const found = alerts.filter(({ links }) =>
        links.some(({ url }) => url.includes(event.customer.id)),
      ).length;
      return found === wanted ? [] : [`${name} shows ${title} ${found} times instead of ${wanted}`];
    });
}
