import type { AppAnswer, AppClient } from './app-client.ts';
import type { Json } from './element-values.ts';
import { hourMs, minuteMs } from './time.ts';

/** Delivers events, and repeats those that the app does not acknowledge. */
export interface EventDelivery {
  /** Sends an event. @returns the app's answer; without a 2xx the event is repeated */
  send(payload: Json): Promise<AppAnswer>;
  /** Sends the repeats that are due by the local Slack's clock. @returns the app's answers, in order */
  sendDueRepeats(): Promise<AppAnswer[]>;
  /** Number of events that wait for a repeat. */
  readonly waiting: number;
  /** Stops repeating. */
  stop(): void;
}

interface Repeat {
  payload: Json;
  /** The number of this repeat, from 1. */
  num: number;
  reason: string;
  dueAt: number;
}

/** Delays before each repeat (https://docs.slack.dev/apis/events-api/#retries): almost none, a minute, five minutes. */
const delays = [0, minuteMs, 5 * minuteMs];

/**
 * With Delayed Events, an event is repeated every hour after that
 * (https://docs.slack.dev/apis/events-api/#delayed-events-retry).
 */
const hourlyRepeats = 24;

/** Interval of checking the adjustable clock while something waits. Milliseconds. */
const lookMs = 250;

/**
 * @param clock milliseconds since 1970; determines when repeats are due
 * @param delayedEvents whether the app has Delayed Events
 */
export function createEventDelivery(
  client: AppClient,
  clock: () => number,
  delayedEvents: boolean,
): EventDelivery {
  const delaysOf = delayedEvents
    ? [...delays, ...Array.from({ length: hourlyRepeats }, () => hourMs)]
    : delays;
  let repeats: Repeat[] = [];
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function plan(payload: Json, num: number, answer: AppAnswer): void {
    const delay = delaysOf[num - 1];
    if (stopped || delay === undefined || isAcknowledged(answer) || answer.noRetry === true) return;
    repeats.push({ payload, num, reason: reasonOf(answer), dueAt: clock() + delay });
    look();
  }

  /** Sends repeats when they become due. */
  function look(): void {
    if (stopped || timer !== undefined || repeats.length === 0) return;
    const wait = Math.min(...repeats.map(({ dueAt }) => dueAt)) - clock();
    timer = setTimeout(
      () => {
        timer = undefined;
        void sendDueRepeats().finally(look);
      },
      Math.min(Math.max(wait, 0), lookMs),
    );
    timer.unref();
  }

  async function sendDueRepeats(): Promise<AppAnswer[]> {
    const answers: AppAnswer[] = [];
    for (;;) {
      const due = repeats.find(({ dueAt }) => dueAt <= clock());
      if (stopped || due === undefined) return answers;
      repeats = repeats.filter((repeat) => repeat !== due);
      const { payload, num, reason } = due;
      const headers = { 'x-slack-retry-num': String(num), 'x-slack-retry-reason': reason };
      const answer = await client.postJson(payload, headers);
      answers.push(answer);
      plan(payload, num + 1, answer);
    }
  }

  return {
    async send(payload) {
      const answer = await client.postJson(payload);
      plan(payload, 1, answer);
      return answer;
    },
    sendDueRepeats,
    get waiting() {
      return repeats.length;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      repeats = [];
    },
  };
}

function isAcknowledged({ status }: AppAnswer): boolean {
  return status >= 200 && status < 300;
}

/** Slack's word for the reason of a repeat. */
function reasonOf({ status, error }: AppAnswer): string {
  if (status !== 0) return status >= 300 && status < 400 ? 'too_many_redirects' : 'http_error';
  return error instanceof Error && error.name === 'TimeoutError' ? 'http_timeout' : 'connection_failed';
}
