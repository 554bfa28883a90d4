import type { AppAnswer } from './app-client.ts';
import { problemsOf } from './checks/check.ts';
import { record, type } from './checks/shapes.ts';
import { modalView } from './checks/view.ts';
import { elementsOf } from './find-element.ts';
import { isRecord, parseRecord } from './is-record.ts';
import type { SlackModel } from './model.ts';
import { maxStack, type View, type Views } from './views.ts';

export interface Submitted {
  /** False if Slack itself found an invalid input, and the app was not asked. */
  sent: boolean;
  answer?: AppAnswer;
  /** Slack's or the app's, by `block_id`. */
  errors: Record<string, string>;
}

const shapes = {
  clear: record({ response_action: type }),
  update: record({ response_action: type, view: modalView }),
  push: record({ response_action: type, view: modalView }),
  errors: record({ response_action: type, errors: type }),
};

/**
 * https://docs.slack.dev/surfaces/modals#handling_submissions. An invalid answer leaves the modal open and is
 * recorded as a refusal.
 */
export function applySubmission(model: SlackModel, views: Views, view: View, answer: AppAnswer): Submitted {
  const trouble = (pointer: string, message: string): Submitted => {
    const refusal = { error: 'invalid_response', pointer, message, payload: answer.body };
    model.refuse({ where: 'view_submission', ...refusal });
    return { sent: true, answer, errors: { '': 'We had some trouble connecting. Try again?' } };
  };
  if (answer.status !== 200) return trouble('', `answered ${answer.status}`);
  const done: Submitted = { sent: true, answer, errors: {} };
  if (answer.body.trim() === '') {
    views.close(view.userId);
    return done;
  }
  const response = parseRecord(answer.body);
  const action = response?.response_action;
  if (response === undefined || !isAction(action))
    return trouble('/response_action', 'no known response_action');
  const [problem] = problemsOf(shapes[action], response, '');
  if (problem !== undefined) return trouble(problem.pointer, problem.message);

  if (action === 'clear') views.close(view.userId, true);
  else if (action === 'errors') {
    const errors = readErrors(view, response.errors);
    return typeof errors === 'string' ? trouble('/errors', errors) : { ...done, errors };
  } else if (!isRecord(response.view)) return trouble('/view', 'must provide an object');
  else if (action === 'update') views.update(view, response.view);
  else if (views.stack(view.userId).length >= maxStack) return trouble('', 'push_limit_reached');
  else views.push(view.teamId, view.userId, response.view);
  return done;
}

/** Errors must refer to input blocks of the modal, at least one. */
function readErrors(view: View, given: unknown): Record<string, string> | string {
  if (!isRecord(given) || Object.keys(given).length === 0) return 'must provide errors';
  const inputs = new Set(
    elementsOf(view.content.blocks)
      .filter(({ block }) => block.type === 'input')
      .map(({ blockId }) => blockId),
  );
  const errors: Record<string, string> = {};
  for (const [blockId, words] of Object.entries(given)) {
    if (!inputs.has(blockId)) return `no input block ${blockId}`;
    if (typeof words !== 'string' || words === '') return `must say what is wrong with ${blockId}`;
    errors[blockId] = words;
  }
  return errors;
}

function isAction(action: unknown): action is keyof typeof shapes {
  return typeof action === 'string' && Object.hasOwn(shapes, action);
}
