import type { BlockAction, RespondFn } from '@slack/bolt';
import type { AlertActionRefusal, AlertActionResult, RenderedMessage } from '../channels/alert-actions.ts';
import type { AlertClick } from '../channels/clicked-alert.ts';
import type { Person } from '../channels/people.ts';
import { classifyResponse } from '../delivery/webhook/classify-response.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import { readBlockId } from '../messages/alert-controls.ts';
import { type ClickAnswer, clickAnswers } from '../messages/click-answers.ts';
import { parsePostedMessage } from '../messages/parse-posted-message.ts';

/** A `response_url` accepts five answers: https://docs.slack.dev/interactivity/handling-user-interaction */
const maxRenders = 3;

type Answering = { respond: RespondFn; clock: Pick<Clock, 'now'> };

type Click = Pick<BlockAction, 'actions' | 'team' | 'user' | 'message'> & Person;

/** Answers by rerendering the message for everyone, or with a text for the person only. */
export async function answerClick(
  body: Click,
  { respond, clock }: Answering,
  act: (click: AlertClick) => Promise<AlertActionResult>,
): Promise<void> {
  const click = readClick(body);
  await answerWith({ respond, clock }, click === undefined ? { kind: 'unknown' } : await act(click));
}

export async function answerWith(answering: Answering, result: AlertActionResult): Promise<void> {
  const answer = withCheck(answering);
  const send = (text: ClickAnswer) =>
    answer({ response_type: 'ephemeral', replace_original: false, ...text });
  /** The person who clicked gets the answer even if the message cannot be replaced. */
  const rerenderAndAnswer = async (text: ClickAnswer, render: () => Promise<RenderedMessage>) => {
    try {
      await rerender(answer, render);
    } finally {
      await send(text);
    }
  };
  switch (result.kind) {
    case 'acknowledged':
    case 'undone':
      return await rerender(answer, result.render);
    case 'muted': {
      const text = result.wasLonger ? clickAnswers.mutedLonger : clickAnswers.muted;
      return await rerenderAndAnswer(text(result.event, result.until), result.render);
    }
    case 'unmuted':
      return await rerenderAndAnswer(clickAnswers.unmuted(result.event), result.render);
    default:
      await send({ text: toRefusalText(result) });
  }
}

export function isRefusal(result: AlertActionResult): result is AlertActionRefusal {
  return !('render' in result);
}

export function toRefusalText(refusal: AlertActionRefusal): string {
  switch (refusal.kind) {
    case 'not_manager':
      return clickAnswers.notManager(refusal).text;
    case 'not_acknowledger':
      return clickAnswers.notAcknowledger(refusal).text;
    case 'external':
      return clickAnswers.external(refusal.managers).text;
    default:
      return clickAnswers[refusal.kind].text;
  }
}

type Answer = (message: Parameters<RespondFn>[0]) => Promise<void>;

/** Counts only answers that Slack confirms with `ok` as sent. @throws AppError `response_refused` */
function withCheck({ respond, clock }: Answering): Answer {
  return async (message) => {
    const response = await respond(message);
    const outcome = classifyResponse(
      { status: response.status, headers: {}, body: await response.text() },
      clock.now(),
    );
    if (outcome.kind === 'sent') return;
    throw new AppError('response_refused', `Slack did not accept the answer to a click: ${outcome.error}`);
  };
}

/** Repeats after a concurrent click on the message, whose rendering may lack this one or overwrite it. */
async function rerender(answer: Answer, render: () => Promise<RenderedMessage>): Promise<void> {
  let rendered: RenderedMessage | undefined = await render();
  for (let answers = 1; rendered !== undefined; answers++) {
    await answer({ ...rendered.message, replace_original: true });
    rendered = answers < maxRenders ? await rendered.renderIfChanged() : undefined;
  }
}

/** Returns `undefined` for a message without our ids. */
export function readClick(body: Click): AlertClick | undefined {
  const { actions, team, enterprise = null, user, message } = body;
  const alert = readBlockId(actions[0]?.block_id ?? '');
  const posted = parsePostedMessage(message);
  if (alert === undefined || posted === undefined) return undefined;
  return { person: { team, enterprise, user }, ...alert, posted };
}
