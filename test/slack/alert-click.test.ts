import type { RespondArguments } from '@slack/bolt';
import { expect, test } from 'vitest';
import type { AlertActionResult, RenderedMessage } from '../../src/channels/alert-actions.ts';
import { answerClick } from '../../src/slack/alert-click.ts';

const block_id = `${'x'.repeat(16)}.00`;
const body: Parameters<typeof answerClick>[0] = {
  team: { id: 'T1', domain: 'acme' },
  user: { id: 'U1', username: 'milo' },
  message: { type: 'message', ts: '1.1', attachments: [{ blocks: [{ type: 'actions', block_id }] }] },
  actions: [
    {
      type: 'button',
      action_id: 'acknowledge',
      block_id,
      action_ts: '1.2',
      text: { type: 'plain_text', text: 'Acknowledge' },
    },
  ],
};

/** The answers to a click while the message changes to these texts, one after the other. */
async function answersTo(texts: readonly string[], slackSays = 'ok'): Promise<RespondArguments[]> {
  const answers: RespondArguments[] = [];
  const respond = async (answer: string | RespondArguments) => {
    if (typeof answer !== 'string') answers.push(answer);
    return new Response(slackSays);
  };
  const toRendered = ([text = '', ...later]: readonly string[]): RenderedMessage => ({
    message: { text, unfurl_links: false, unfurl_media: false },
    renderIfChanged: async () => (later.length > 0 ? toRendered(later) : undefined),
  });
  const clock = { now: () => new Date(0) };
  await answerClick(
    body,
    { respond, clock },
    async (): Promise<AlertActionResult> => ({
      kind: 'acknowledged',
      render: async () => toRendered(texts),
    }),
  );
  return answers;
}

test.each([
  ['nobody else clicked meanwhile: once', ['mine'], ['mine']],
  ['somebody clicked meanwhile: again, with both', ['mine', 'mine and theirs'], ['mine', 'mine and theirs']],
  ['many click: no more often than Slack allows', ['1', '2', '3', '4', '5'], ['1', '2', '3']],
])('a message is replaced; %s', async (_, drawn, texts) => {
  const answers = await answersTo(drawn);
  expect(answers.map(({ text }) => text)).toEqual(texts);
  expect(answers.every(({ replace_original }) => replace_original === true)).toBe(true);
});

test.each(['{"ok":false,"error":"used_url"}', '<html></html>', 'expired_url'])(
  'an answer that Slack does not confirm with ok does not count as sent: %s',
  async (slackSays) => {
    await expect(answersTo(['mine'], slackSays)).rejects.toMatchObject({ code: 'response_refused' });
  },
);
