import { describe, expect, test } from 'vitest';
import {
  actions,
  address,
  beside,
  button,
  input,
  mrkdwn,
  option,
  plain,
  section,
  select,
} from './block-kit.ts';
import { connectedWebhook } from './connected-webhook.ts';

const say = connectedWebhook();

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

  test('name every error at once', async () => {
    const { problems } = await say({ blocks: [{ type: 'header', text: mrkdwn('a') }, { type: 'sektion' }] });
    expect(problems.map(([at]) => at)).toEqual(['/blocks/0/text/type', '/blocks/1/type']);
  });

  test('have unique ids over all attachments', async () => {
    const one = section({ block_id: 'a' });
    expect((await say({ blocks: [one, one] })).problems).toEqual([
      ['/blocks/1/block_id', '`block_id` "a" already exists'],
    ]);
    expect((await say({ attachments: [{ blocks: [one] }, { blocks: [one] }] })).problems).toEqual([
      ['/attachments/1/blocks/0/block_id', '`block_id` "a" already exists'],
    ]);
  });
});
