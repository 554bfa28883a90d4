import { z } from 'zod';
import type { AdjustableClock } from '../adjustable-clock.ts';
import type { AppAnswer } from '../slack/app-client.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { findPerson } from './find-person.ts';
import type { ReadState } from './read-state.ts';
import { visibleMessages } from './take-snapshot.ts';

const who = { user: z.string() };
const element = {
  ...who,
  /** A message's `ts`, the Home tab, or the topmost modal. */
  on: z.string(),
  blockId: z.string(),
  actionId: z.string(),
  /** From 1. */
  attachment: z.int().positive().exactOptional(),
};
const choice = z.union([z.string(), z.number(), z.array(z.string()), z.null()]);

/** Requested by the page with POST. */
export interface Action {
  /** @throws Error with a text for the page */
  run(body: unknown): Promise<object>;
}

export function action<Body>(shape: z.ZodType<Body>, run: (body: Body) => Promise<object> | object): Action {
  return { run: async (body) => await run(shape.parse(body)) };
}

export function createActions(parts: {
  slack: LocalSlack;
  clock: AdjustableClock;
  readState: ReadState;
}): Record<string, Action> {
  const { slack, clock, readState } = parts;

  /** The person only sees a warning. */
  function check(where: string, { status, error }: AppAnswer, to = where): { trouble: boolean } {
    const trouble = status !== 200;
    if (trouble) {
      const message =
        status === 0 ? `the app gave no answer to ${to}: ${error}` : `the app answered ${to} with ${status}`;
      slack.model.refuse({ where, error: 'not_acknowledged', pointer: '', message });
    }
    return { trouble };
  }

  const as = (who: string) => {
    const { user, teamId } = findPerson(slack.model, who);
    return { user: user.id, teamId };
  };

  return {
    click: action(z.object({ ...element, choice: choice.exactOptional() }), async (body) =>
      check('block_actions', await slack.click({ ...body, ...as(body.user) }), `the action ${body.actionId}`),
    ),
    enter: action(z.object({ ...element, choice }), (body) => {
      slack.enter({ ...body, ...as(body.user) });
      return {};
    }),
    suggest: action(z.object({ ...element, query: z.string() }), async (body) => {
      const { answer, options } = await slack.suggest({ ...body, ...as(body.user) });
      return { trouble: answer.status !== 200, options };
    }),
    submit: action(z.object(who), async (body) => {
      const { user, teamId } = as(body.user);
      const { errors } = await slack.submitView(user, {}, teamId);
      return { errors };
    }),
    close: action(z.object({ ...who, all: z.boolean() }), async ({ all, ...body }) => {
      const { user, teamId } = as(body.user);
      for (const answer of await slack.closeView(user, { all, teamId })) check('view_closed', answer);
      return {};
    }),
    'open-home': action(z.object(who), async (body) => {
      const { user, teamId } = as(body.user);
      return check('app_home_opened', await slack.openHome(user, teamId));
    }),
    read: action(z.object({ ...who, channel: z.string() }), (body) => {
      const { user } = findPerson(slack.model, body.user);
      const channel = slack.model.channel(body.channel);
      readState.read(user.id, channel.id, visibleMessages(slack, channel, user));
      return {};
    }),
    forward: action(z.object({ ms: z.number().positive() }), ({ ms }) => {
      clock.forward(ms);
      return {};
    }),
    now: action(z.object({}), () => {
      clock.reset();
      return {};
    }),
  };
}
