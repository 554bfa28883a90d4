import { describe, expect, test } from 'vitest';
import { divider, home, modal, plain, setupViews, textInput } from './setup-views.ts';

describe('a view that Slack would refuse', () => {
  const s = (length: number) => 'x'.repeat(length);
  const many = (length: number) => Array.from({ length }, () => divider);
  type Case = [what: string, limit: number, view: (size: number) => object, pointer: string];
  test.each<Case>([
    ['blocks', 100, (n) => modal({ blocks: many(n) }), '/blocks'],
    ['title', 24, (n) => modal({ title: plain(s(n)) }), '/title/text'],
    ['submit', 24, (n) => modal({ submit: plain(s(n)) }), '/submit/text'],
    ['close', 24, (n) => modal({ close: plain(s(n)) }), '/close/text'],
    ['private_metadata', 3000, (n) => modal({ private_metadata: s(n) }), '/private_metadata'],
    ['callback_id', 255, (n) => modal({ callback_id: s(n) }), '/callback_id'],
    ['external_id', 255, (n) => modal({ external_id: s(n) }), '/external_id'],
  ])('%s beyond %d', async (_what, limit, view, pointer) => {
    const { call, trigger, slack } = await setupViews();
    const refused = await call('views.open', { trigger_id: await trigger(), view: view(limit + 1) });
    expect(refused).toMatchObject({ ok: false, error: 'invalid_arguments' });
    expect(refused.response_metadata?.messages[0]).toMatch(`[json-pointer:/view${pointer}]`);
    expect(slack.refusals.at(-1)).toMatchObject({ where: 'views.open', pointer: `/view${pointer}` });
    expect((await call('views.open', { trigger_id: await trigger(), view: view(limit) })).ok).toBe(true);
  });

  test.each<[what: string, view: object, message: string]>([
    ['no title', { type: 'modal', blocks: [divider] }, 'missing required field: title [json-pointer:/view]'],
    ['no blocks', modal({ blocks: [] }), 'no less than 1 items allowed [json-pointer:/view/blocks]'],
    ['a Home tab', home(), 'unsupported type: home [json-pointer:/view/type]'],
    [
      'a field too many',
      modal({ submit_disabled: true }),
      'invalid additional property: submit_disabled [json-pointer:/view]',
    ],
    [
      'an input but no submit',
      modal({ blocks: [divider, textInput('a')] }),
      'must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]',
    ],
    [
      'two that take the focus',
      modal({
        submit: plain('ok'),
        blocks: [textInput('a', { focus_on_load: true }), textInput('b', { focus_on_load: true })],
      }),
      'only one element may have `focus_on_load` [json-pointer:/view/blocks/1]',
    ],
    [
      'one block_id twice',
      modal({
        blocks: [
          { ...divider, block_id: 'a' },
          { ...divider, block_id: 'a' },
        ],
      }),
      '`block_id` "a" already exists [json-pointer:/view/blocks/1/block_id]',
    ],
    [
      'a wrong block',
      modal({ blocks: [{ type: 'section' }] }),
      'missing required field: text [json-pointer:/view/blocks/0]',
    ],
  ])('has %s', async (_what, view, message) => {
    const { call, trigger } = await setupViews();
    const refused = await call('views.open', { trigger_id: await trigger(), view });
    expect(refused.response_metadata?.messages).toEqual([`[ERROR] ${message}`]);
  });

  test('is larger than 250 kB', async () => {
    const { call } = await setupViews();
    const text = { type: 'mrkdwn', text: s(3000) };
    const blocks = Array.from({ length: 100 }, () => ({ type: 'section', text }));
    const answer = await call('views.publish', { user_id: 'U0DANA00001', view: home({ blocks }) });
    expect(answer).toEqual({ ok: false, error: 'view_too_large' });
  });

  test('has a modal’s fields on a Home tab', async () => {
    const { call } = await setupViews();
    const answer = await call('views.publish', { user_id: 'U0DANA00001', view: home({ title: plain('a') }) });
    expect(answer.response_metadata?.messages).toEqual([
      '[ERROR] invalid additional property: title [json-pointer:/view]',
    ]);
  });

  test('has a duplicate external_id', async () => {
    const { call } = await setupViews();
    const publish = (user: string) =>
      call('views.publish', { user_id: user, view: home({ external_id: 'one' }) });
    expect((await publish('U0DANA00001')).ok).toBe(true);
    expect((await publish('U0DANA00001')).ok).toBe(true);
    expect(await publish('U0MILO00002')).toEqual({ ok: false, error: 'duplicate_external_id' });
  });
});
