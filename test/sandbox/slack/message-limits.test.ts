import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalSlack, startLocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { connect, post } from './slack.ts';

let slack: LocalSlack;
let url: string;

beforeAll(async () => {
  slack = await startLocalSlack({ enforceRate: false });
  url = (await connect(slack, 'general')).incoming_webhook.url;
});

afterAll(async () => {
  await slack.close();
});

/** Posts, and says what Slack answered and what it complained about. */
async function say(payload: unknown) {
  const before = slack.refusals.length;
  const { body } = await post(url, payload);
  return { body, problems: slack.refusals.slice(before).map(({ pointer, message }) => [pointer, message]) };
}

const s = (length: number) => 'x'.repeat(length);
const list = <T>(length: number, item: (index: number) => T) =>
  Array.from({ length }, (_, index) => item(index));
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const option = (index: number) => ({ text: plain(`o${index}`), value: `v${index}` });
const address = (length: number) => `https://a.example/${s(length - 18)}`;
const section = (more: object = {}) => ({ type: 'section', text: mrkdwn('a'), ...more });
const beside = (accessory: object) => section({ accessory });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const button = (more: object = {}) => ({ type: 'button', text: plain('a'), ...more });
const select = (more: object = {}) => ({ type: 'static_select', options: [option(0)], ...more });
const input = (element: object, more: object = {}) => ({
  type: 'input',
  label: plain('a'),
  element,
  ...more,
});
const confirm = (more: object) => ({
  title: plain('a'),
  text: plain('a'),
  confirm: plain('a'),
  deny: plain('a'),
  ...more,
});

describe('a block within its limits is taken, and one beyond is refused with its path', () => {
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

describe('a message as a whole', () => {
  type Case = [error: string, limit: number, message: (size: number) => object, pointer: string];
  test.each<Case>([
    ['msg_too_long', 40_000, (n) => ({ text: s(n) }), '/text'],
    ['invalid_blocks', 50, (n) => ({ blocks: list(n, () => ({ type: 'divider' })) }), '/blocks'],
    ['too_many_attachments', 100, (n) => ({ attachments: list(n, () => ({ text: 'a' })) }), '/attachments'],
    [
      'invalid_attachments',
      49,
      (n) => ({ blocks: [section()], attachments: list(n, () => ({ blocks: [section()] })) }),
      '/attachments',
    ],
    [
      'msg_blocks_too_long',
      1200,
      (n) => ({
        blocks: list(4, () => ({ type: 'section', text: plain(s(3000)) })),
        attachments: [{ blocks: [{ type: 'section', text: mrkdwn(s(n)) }] }],
      }),
      '',
    ],
    [
      'invalid_attachments',
      300,
      (n) => ({ attachments: [{ text: 'a', footer: s(n) }] }),
      '/attachments/0/footer',
    ],
  ])('%s beyond %d', async (error, limit, message, pointer) => {
    expect((await say(message(limit))).body).toBe('ok');
    const { body, problems } = await say(message(limit + 1));
    expect([body, problems.map(([at]) => at)]).toEqual([error, [pointer]]);
  });

  test.each([
    ['a field that Slack does not know', { text: 'a', colour: 'red' }, 'invalid additional property: colour'],
    [
      'a channel of its own choice',
      { text: 'a', channel: '#general' },
      'invalid additional property: channel',
    ],
    ['a name of its own choice', { text: 'a', username: 'b' }, 'invalid additional property: username'],
    ['a text that is none', { text: 5 }, 'must provide a string'],
    [
      'what only a response_url takes',
      { text: 'a', replace_original: true },
      'invalid additional property: replace_original',
    ],
  ])('is refused with %s', async (_what, payload, message) => {
    const { body, problems } = await say(payload);
    expect([body, problems[0]?.[1]]).toEqual(['invalid_payload', message]);
  });

  test('counts text as it was sent, with its entities and surrogate pairs', async () => {
    expect((await say({ blocks: [{ type: 'header', text: plain('&amp;'.repeat(30)) }] })).body).toBe('ok');
    expect((await say({ blocks: [{ type: 'header', text: plain(`${'&amp;'.repeat(30)}!`) }] })).body).toBe(
      'invalid_blocks',
    );
    expect((await say({ blocks: [{ type: 'header', text: plain('😀'.repeat(76)) }] })).body).toBe(
      'invalid_blocks',
    );
  });
});

describe('blocks', () => {
  test.each<[what: string, block: unknown, pointer: string, message: string]>([
    ['of no type', {}, '', 'missing required field: type'],
    ['of an unknown type', { type: 'sektion' }, '/type', 'unsupported type: sektion'],
    ['that are no objects', 'section', '', 'must provide an object'],
    ['with a field too many', { type: 'divider', text: 'a' }, '', 'invalid additional property: text'],
    ['with a null', section({ accessory: null }), '/accessory', 'must provide an object'],
    ['without text', { type: 'section' }, '', 'missing required field: text'],
    [
      'with an empty text',
      { type: 'section', text: mrkdwn('') },
      '/text/text',
      'must be more than 0 characters',
    ],
    ['with no fields in fields', { type: 'section', fields: [] }, '/fields', 'no less than 1 items allowed'],
    ['with a bare string for a text', { type: 'header', text: 'a' }, '/text', 'must provide an object'],
    [
      'with mrkdwn where only plain text may be',
      { type: 'header', text: mrkdwn('a') },
      '/text/type',
      'unsupported type: mrkdwn',
    ],
    [
      'with mrkdwn on a button',
      actions(button({ text: mrkdwn('a') })),
      '/elements/0/text/type',
      'unsupported type: mrkdwn',
    ],
    [
      'with emoji on mrkdwn',
      { type: 'section', text: { ...mrkdwn('a'), emoji: true } },
      '/text',
      'invalid additional property: emoji',
    ],
    [
      'with verbatim on plain text',
      { type: 'header', text: { ...plain('a'), verbatim: true } },
      '/text',
      'invalid additional property: verbatim',
    ],
    [
      'with a button of no style',
      actions(button({ style: 'default' })),
      '/elements/0/style',
      'must be a valid enum value: primary, danger',
    ],
    ['with a button to nowhere', actions(button({ url: 'perly' })), '/elements/0/url', 'invalid url'],
    [
      'with a button to a script',
      actions(button({ url: 'javascript:alert(1)' })),
      '/elements/0/url',
      'invalid url',
    ],
    [
      'with a confirm that lacks an answer',
      beside(button({ confirm: { title: plain('a'), text: plain('a'), confirm: plain('a') } })),
      '/accessory/confirm',
      'missing required field: deny',
    ],
    ['with no actions', actions(), '/elements', 'no less than 1 items allowed'],
    [
      'with an element out of place',
      actions({ type: 'plain_text_input' }),
      '/elements/0/type',
      'unsupported type: plain_text_input',
    ],
    ['with a button as an input', input(button()), '/element/type', 'unsupported type: button'],
    [
      'with a button in a context',
      { type: 'context', elements: [button()] },
      '/elements/0/type',
      'unsupported type: button',
    ],
    [
      'with one action_id twice',
      actions(button({ action_id: 'a' }), button({ action_id: 'a' })),
      '/elements/1/action_id',
      '`action_id` "a" already exists',
    ],
    [
      'with one option twice',
      beside(select({ options: [option(0), option(0)] })),
      '/accessory/options/1/value',
      'duplicate option value',
    ],
    [
      'with options and groups',
      beside(select({ option_groups: [{ label: plain('a'), options: [option(0)] }] })),
      '/accessory',
      'must provide exactly one of options, option_groups',
    ],
    [
      'with a choice that is not offered',
      beside(select({ initial_option: option(1) })),
      '/accessory/initial_option',
      'must exactly match one of the options',
    ],
    [
      'with boxes ticked that are not there',
      actions({ type: 'checkboxes', options: [option(0)], initial_options: [option(1)] }),
      '/elements/0/initial_options/0',
      'must exactly match one of the options',
    ],
    [
      'with a url on a select option',
      beside(select({ options: [{ ...option(0), url: address(30) }] })),
      '/accessory/options/0',
      'invalid additional property: url',
    ],
    [
      'with an image without alt_text',
      { type: 'image', image_url: address(30) },
      '',
      'missing required field: alt_text',
    ],
    [
      'with an image from nowhere',
      { type: 'image', image_url: 'a.png', alt_text: 'a' },
      '/image_url',
      'invalid url',
    ],
    [
      'with a time that is none',
      beside({ type: 'timepicker', initial_time: '9:00' }),
      '/accessory/initial_time',
      'must be a time, HH:mm',
    ],
    [
      'with a time zone that is none',
      beside({ type: 'timepicker', timezone: 'Mars/Base' }),
      '/accessory/timezone',
      'must be an IANA time zone',
    ],
    [
      'with a date that is none',
      beside({ type: 'datepicker', initial_date: '2026-13-01' }),
      '/accessory/initial_date',
      'must be a date, YYYY-MM-DD',
    ],
    [
      'with a number that is none',
      input({ type: 'number_input', is_decimal_allowed: false, initial_value: 5 }),
      '/element/initial_value',
      'must be a number in a string',
    ],
    [
      'with bounds the wrong way round',
      input({ type: 'number_input', is_decimal_allowed: false, min_value: '2', max_value: '1' }),
      '/element/min_value',
      'must not be greater than max_value',
    ],
    [
      'with a decimal where none may be',
      input({ type: 'number_input', is_decimal_allowed: false, initial_value: '1.5' }),
      '/element/initial_value',
      'must be a whole number',
    ],
    [
      'with a value outside its bounds',
      input({ type: 'number_input', is_decimal_allowed: false, initial_value: '3', max_value: '2' }),
      '/element/initial_value',
      'must be within min_value and max_value',
    ],
    [
      'with a number input that says nothing of decimals',
      input({ type: 'number_input' }),
      '/element',
      'missing required field: is_decimal_allowed',
    ],
    [
      'with broken rich text',
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text' }] }] },
      '/elements/0/elements/0',
      'missing required field: text',
    ],
  ])('%s are refused', async (_what, block, pointer, message) => {
    const { body, problems } = await say({ blocks: [{ type: 'divider' }, block] });
    expect(body).toBe('invalid_blocks');
    expect(problems).toContainEqual([`/blocks/1${pointer}`, message]);
  });

  test('name every fault at once', async () => {
    const { problems } = await say({ blocks: [{ type: 'header', text: mrkdwn('a') }, { type: 'sektion' }] });
    expect(problems.map(([at]) => at)).toEqual(['/blocks/0/text/type', '/blocks/1/type']);
  });

  test('have ids of their own, over all attachments', async () => {
    const one = section({ block_id: 'a' });
    expect((await say({ blocks: [one, one] })).problems).toEqual([
      ['/blocks/1/block_id', '`block_id` "a" already exists'],
    ]);
    expect((await say({ attachments: [{ blocks: [one] }, { blocks: [one] }] })).problems).toEqual([
      ['/attachments/1/blocks/0/block_id', '`block_id` "a" already exists'],
    ]);
  });

  test('of every known kind are taken', async () => {
    const blocks = [
      section({ expand: true, fields: [plain('a'), mrkdwn('b')] }),
      beside({ type: 'image', image_url: address(30), alt_text: 'a' }),
      beside(select({ initial_option: option(0), focus_on_load: true })),
      beside({ type: 'external_select', min_query_length: 0 }),
      beside({
        type: 'multi_static_select',
        options: list(3, option),
        initial_options: [option(2)],
        max_selected_items: 2,
      }),
      actions(
        { type: 'users_select' },
        { type: 'channels_select' },
        { type: 'conversations_select', filter: { include: ['public'] } },
      ),
      actions(
        { type: 'datepicker', initial_date: '2026-02-03' },
        { type: 'timepicker', initial_time: '09:00', timezone: 'Asia/Kolkata' },
      ),
      actions({ type: 'datetimepicker', initial_date_time: 1_700_000_000 }),
      input({
        type: 'number_input',
        is_decimal_allowed: false,
        min_value: '0',
        max_value: '100',
        initial_value: '15',
      }),
      input({ type: 'email_text_input' }, { dispatch_action: true, optional: true }),
      input({ type: 'url_text_input', dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] } }),
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'a', style: { bold: true } }] },
        ],
      },
    ];
    expect(await say({ text: 'a', blocks, unfurl_links: false, unfurl_media: false })).toEqual({
      body: 'ok',
      problems: [],
    });
  });
});

describe('attachments', () => {
  test.each<[what: string, attachment: object, pointer: string]>([
    ['with nothing to read', { color: 'good' }, ''],
    ['with a colour by name', { text: 'a', color: 'red' }, '/color'],
    ['with half a colour', { text: 'a', color: '#fff' }, '/color'],
    ['with text beside blocks', { text: 'a', blocks: [section()] }, ''],
    ['with a footer beside blocks', { footer: 'a', blocks: [section()] }, ''],
    ['with no blocks in blocks', { fallback: 'a', blocks: [] }, '/blocks'],
    ['with buttons of old', { text: 'a', actions: [] }, ''],
    ['with a title to nowhere', { text: 'a', title: 'a', title_link: 'b' }, '/title_link'],
  ])('%s are refused', async (_what, attachment, pointer) => {
    const { body, problems } = await say({ text: 'a', attachments: [attachment] });
    expect([body, problems[0]?.[0]]).toEqual(['invalid_attachments', `/attachments/0${pointer}`]);
  });

  test.each([
    { color: 'danger', fallback: 'a' },
    { color: '#D92D20', fallback: 'a', blocks: [section()] },
    { text: 'a', footer: 'b', ts: 1_700_000_000 },
  ])('like %o are taken', async (attachment) => {
    expect(await say({ attachments: [attachment] })).toEqual({ body: 'ok', problems: [] });
  });
});
