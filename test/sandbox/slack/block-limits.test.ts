import { describe, expect, test } from 'vitest';
import {
  actions,
  address,
  beside,
  button,
  confirm,
  input,
  list,
  mrkdwn,
  option,
  plain,
  s,
  section,
  select,
} from './block-kit.ts';
import { connectedWebhook } from './connected-webhook.ts';

const say = connectedWebhook();

describe('a block within its limits is accepted, and one beyond is refused with its path', () => {
  type Case = [what: string, limit: number, block: (size: number) => object, pointer: string];
  const cases: Case[] = [
    ['section.text', 3000, (n) => ({ type: 'section', text: mrkdwn(s(n)) }), '/text/text'],
    ['section.fields', 10, (n) => ({ type: 'section', fields: list(n, () => mrkdwn('a')) }), '/fields'],
    ['a field', 2000, (n) => ({ type: 'section', fields: [plain(s(n))] }), '/fields/0/text'],
    ['block_id', 255, (n) => section({ block_id: s(n) }), '/block_id'],
    ['header', 150, (n) => ({ type: 'header', text: plain(s(n)) }), '/text/text'],
    ['context elements', 10, (n) => ({ type: 'context', elements: list(n, () => plain('a')) }), '/elements'],
    ['a context text', 2000, (n) => ({ type: 'context', elements: [mrkdwn(s(n))] }), '/elements/0/text'],
    ['actions', 25, (n) => actions(...list(n, () => button())), '/elements'],
    ['action_id', 255, (n) => actions(button({ action_id: s(n) })), '/elements/0/action_id'],
    ['button text', 75, (n) => actions(button({ text: plain(s(n)) })), '/elements/0/text/text'],
    ['button value', 2000, (n) => actions(button({ value: s(n) })), '/elements/0/value'],
    ['button url', 3000, (n) => actions(button({ url: address(n) })), '/elements/0/url'],
    [
      'button label',
      75,
      (n) => beside(button({ accessibility_label: s(n) })),
      '/accessory/accessibility_label',
    ],
    [
      'confirm title',
      100,
      (n) => beside(button({ confirm: confirm({ title: plain(s(n)) }) })),
      '/accessory/confirm/title/text',
    ],
    [
      'confirm text',
      300,
      (n) => beside(button({ confirm: confirm({ text: plain(s(n)) }) })),
      '/accessory/confirm/text/text',
    ],
    [
      'confirm yes',
      30,
      (n) => beside(button({ confirm: confirm({ confirm: plain(s(n)) }) })),
      '/accessory/confirm/confirm/text',
    ],
    [
      'confirm no',
      30,
      (n) => beside(button({ confirm: confirm({ deny: plain(s(n)) }) })),
      '/accessory/confirm/deny/text',
    ],
    ['image_url', 3000, (n) => ({ type: 'image', image_url: address(n), alt_text: 'a' }), '/image_url'],
    ['alt_text', 2000, (n) => ({ type: 'image', image_url: address(30), alt_text: s(n) }), '/alt_text'],
    [
      'image title',
      2000,
      (n) => ({ type: 'image', image_url: address(30), alt_text: 'a', title: plain(s(n)) }),
      '/title/text',
    ],
    ['options', 100, (n) => beside(select({ options: list(n, option) })), '/accessory/options'],
    [
      'option text',
      75,
      (n) => beside(select({ options: [{ text: plain(s(n)), value: 'a' }] })),
      '/accessory/options/0/text/text',
    ],
    [
      'option value',
      75,
      (n) => beside(select({ options: [{ text: plain('a'), value: s(n) }] })),
      '/accessory/options/0/value',
    ],
    [
      'option description',
      75,
      (n) => beside(select({ options: [{ ...option(0), description: plain(s(n)) }] })),
      '/accessory/options/0/description/text',
    ],
    ['placeholder', 150, (n) => beside(select({ placeholder: plain(s(n)) })), '/accessory/placeholder/text'],
    [
      'groups',
      100,
      (n) =>
        beside({
          type: 'static_select',
          option_groups: list(n, () => ({ label: plain('a'), options: [option(0)] })),
        }),
      '/accessory/option_groups',
    ],
    [
      'a group',
      100,
      (n) =>
        beside({ type: 'static_select', option_groups: [{ label: plain('a'), options: list(n, option) }] }),
      '/accessory/option_groups/0/options',
    ],
    [
      'group label',
      75,
      (n) => beside({ type: 'static_select', option_groups: [{ label: plain(s(n)), options: [option(0)] }] }),
      '/accessory/option_groups/0/label/text',
    ],
    ['overflow', 5, (n) => beside({ type: 'overflow', options: list(n, option) }), '/accessory/options'],
    [
      'overflow url',
      3000,
      (n) => beside({ type: 'overflow', options: [{ ...option(0), url: address(n) }] }),
      '/accessory/options/0/url',
    ],
    [
      'checkboxes',
      10,
      (n) => actions({ type: 'checkboxes', options: list(n, option) }),
      '/elements/0/options',
    ],
    [
      'radio buttons',
      10,
      (n) => actions({ type: 'radio_buttons', options: list(n, option) }),
      '/elements/0/options',
    ],
    ['input label', 2000, (n) => input({ type: 'plain_text_input' }, { label: plain(s(n)) }), '/label/text'],
    ['input hint', 2000, (n) => input({ type: 'plain_text_input' }, { hint: plain(s(n)) }), '/hint/text'],
    ['max_length', 3000, (n) => input({ type: 'plain_text_input', max_length: n }), '/element/max_length'],
    [
      'initial_value',
      3000,
      (n) => input({ type: 'plain_text_input', initial_value: s(n) }),
      '/element/initial_value',
    ],
  ];
  test.each(cases)('%s: %d', async (_what, limit, block, pointer) => {
    expect(await say({ blocks: [block(limit)] })).toEqual({ body: 'ok', problems: [] });
    const { body, problems } = await say({ blocks: [block(limit + 1)] });
    expect(body).toBe('invalid_blocks');
    expect(problems).toEqual([
      [`/blocks/0${pointer}`, expect.stringMatching(/^(must be less than|no more than|must be a)/)],
    ]);
    const attached = await say({ attachments: [{ blocks: [block(limit + 1)] }] });
    expect(attached.body).toBe('invalid_attachments');
    expect(attached.problems[0]?.[0]).toBe(`/attachments/0/blocks/0${pointer}`);
  });
});
