import { readdirSync, readFileSync } from 'node:fs';
import type { KnownBlock, MessageAttachment, View } from '@slack/types';
import { LogLevel, WebAPIPlatformError, WebClient } from '@slack/web-api';
import { isRecord } from '../../sandbox/slack/is-record.ts';
import { sampleViews } from '../support/sample-views.ts';

type Message = { text?: string; blocks?: KnownBlock[]; attachments?: MessageAttachment[] };
export type Sample = { name: string } & ({ message: Message } | { view: View });

const golden = new URL('../messages/golden/', import.meta.url);

/** Every golden message, and a sample of every view. */
export function allSamples(): Sample[] {
  const messages = readdirSync(golden)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, message: readMessage(name) }));
  return [...messages, ...sampleViews().map(([name, view]) => ({ name: `view: ${name}`, view }))];
}

function readMessage(name: string): Message {
  return JSON.parse(readFileSync(new URL(name, golden), 'utf8')) as Message;
}

/**
 * With `blocks.validate`, which posts nothing.
 * @returns the exit code: 0 if Slack accepts all
 * @see https://docs.slack.dev/reference/methods/blocks.validate
 */
export async function checkSlack(options: {
  token: string | undefined;
  apiUrl?: string | undefined;
  samples?: readonly Sample[];
  print: (line: string) => void;
}): Promise<number> {
  const { token, apiUrl, samples = allSamples(), print } = options;
  if (token === undefined || token === '') {
    print(howToGetToken);
    return 1;
  }
  const client = new WebClient(token, {
    // The client's own log contains requests.
    logLevel: LogLevel.ERROR,
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
  });
  try {
    await client.auth.test();
  } catch (error) {
    print(`Slack does not take the token: ${describe(error).replaceAll(token, '[token]')}`);
    return 1;
  }
  let refused = 0;
  for (const sample of samples) {
    const problems = await validate(client, sample);
    if (problems.length === 0) continue;
    refused += 1;
    print(`refused: ${sample.name}`);
    for (const problem of problems) print(`  ${problem.replaceAll(token, '[token]')}`);
  }
  print(`${samples.length - refused} of ${samples.length} accepted`);
  return refused === 0 ? 0 : 1;
}

const howToGetToken = `Set SLACK_BOT_TOKEN to a bot token (xoxb-…) of a workspace of your own:
  1. https://api.slack.com/apps > Create New App > From a manifest, with manifest.json.
  2. Install App > Install to Workspace; pick any channel. Nothing is posted to it.
  3. OAuth & Permissions > Bot User OAuth Token.
Then: SLACK_BOT_TOKEN=xoxb-… npm run check:slack`;

/** @returns Slack's errors */
async function validate(client: WebClient, sample: Sample): Promise<string[]> {
  // Only what shows is checked: the other fields are the webhook's.
  const checked = 'view' in sample ? { view: sample.view } : { message: pickShown(sample.message) };
  // A message without blocks has nothing to check.
  if ('message' in checked && Object.keys(checked.message).length === 0) return [];
  try {
    const { errors } = await client.blocks.validate(checked);
    return toLines(errors);
  } catch (error) {
    if (error instanceof WebAPIPlatformError) {
      const { errors, response_metadata: metadata } = error.data as PlatformAnswer;
      const messages = [...toLines(errors), ...(metadata?.messages ?? [])];
      if (messages.length > 0) return messages;
    }
    return [describe(error)];
  }
}

function describe(error: unknown): string {
  if (error instanceof WebAPIPlatformError) return error.data.error;
  return error instanceof Error ? error.message : 'unknown error';
}

type PlatformAnswer = { errors?: unknown; response_metadata?: { messages?: string[] } };

function pickShown({ blocks, attachments }: Message) {
  return { ...(blocks && { blocks }), ...(attachments && { attachments }) };
}

function toLines(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return errors
    .filter(isRecord)
    .map(({ pointer, message, code }) => `${pointer ?? ''} ${message ?? code}`.trim());
}
