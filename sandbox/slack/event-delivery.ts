import type { AppAnswer, AppClient } from './app-client.ts';
import type { Json } from './element-values.ts';
import { hourMs, minuteMs } from './time.ts';

export interface EventDelivery {
  /** Without a 2xx the event is repeated. */
  send(payload: Json): Promise<AppAnswer>;
  /** @returns the app's answers, in order */
  sendDueRepeats(): Promise<AppAnswer[]>;
  readonly waiting: number;
  stop(): void;
}

interface Repeat {
  payload: Json;
  num: number;
  reason: string;
  dueAt: number;
}

/** https://docs.slack.dev/apis/events-api/#retries */
const delays = [0, minuteMs, 5 * minuteMs];

/** https://docs.slack.dev/apis/events-api/#delayed-events-retry */
const hourlyRepeats = 24;

/** Of checking the adjustable clock while something waits. */
const lookMs = 250;

/** @param clock milliseconds since 1970; determines when repeats are due */
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

function reasonOf({ status, error }: AppAnswer): string {
  if (status !== 0) return status >= 300 && status < 400 ? 'too_many_redirects' : 'http_error';
  return error instanceof Error && error.name === 'TimeoutError' ? 'http_timeout' : 'connection_failed';
}
