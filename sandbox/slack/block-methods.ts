import { type Problem, problemsOf } from './checks/check.ts';
import { checkMessage } from './checks/message.ts';
import { homeView, modalView } from './checks/view.ts';
import { isRecord } from './is-record.ts';
import { parseObject } from './view-methods.ts';
import type { Method } from './web-api.ts';

/** https://docs.slack.dev/reference/methods/blocks.validate */
export const blockMethods: Readonly<Record<string, Method>> = {
  'blocks.validate': ({ arguments: given }) => {
    const problems = check(given);
    if (problems.length === 0) return { ok: true };
    return {
      ok: false,
      error: 'invalid_blocks',
      errors: problems.map(({ pointer, message }) => ({ code: 'invalid', message, pointer })),
    };
  },
};

function check(given: Record<string, unknown>): Problem[] {
  const view = parseObject(given.view);
  if (view !== undefined) return problemsOf(view.type === 'home' ? homeView : modalView, view, '/view');
  const message = parseObject(given.message);
  if (!isRecord(message)) return [{ pointer: '', message: 'must provide one of blocks, message, view' }];
  const checked = checkMessage(message);
  return checked.ok ? [] : checked.problems.map((one) => ({ ...one, pointer: `/message${one.pointer}` }));
}
