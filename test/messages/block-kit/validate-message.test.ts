import type { KnownBlock, Overflow, StaticSelect } from '@slack/types';
import { expect, test } from 'vitest';
import { assertValidMessage, limitViolations } from '../../../src/messages/block-kit/validate-message.ts';
import type { WebhookMessage } from '../../../src/messages/webhook-message.ts';

const quiet = { unfurl_links: false, unfurl_media: false } as const;

function section(length: number): KnownBlock {
  return { type: 'section', text: { type: 'plain_text', text: 'x'.repeat(length) } };
}

function ofBlocks(...blocks: KnownBlock[]): WebhookMessage {
  return { ...quiet, attachments: [{ color: '#98A2B3', fallback: 'x', blocks }] };
}

function button(over: object): KnownBlock {
  const text = { type: 'plain_text', text: 'Open' } as const;
  return { type: 'actions', elements: [{ type: 'button', action_id: 'open', text, ...over }] };
}

const option = { text: { type: 'plain_text', text: 'x' }, value: 'x' } as const;

function menu(options: Overflow['options']): KnownBlock {
  return { type: 'actions', elements: [{ type: 'overflow', action_id: 'menu', options }] };
}

function select(over: Partial<StaticSelect>): KnownBlock {
  return {
    type: 'actions',
    elements: [{ type: 'static_select', action_id: 'select', options: [option], ...over }],
  };
}

function times<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

const attachment = { color: '#98A2B3', fallback: 'x', blocks: [section(1)] };
const word = { type: 'plain_text', text: 'x' } as const;

test.each<[string, WebhookMessage, WebhookMessage, string]>([
  [
    'text',
    { ...quiet, text: 'x'.repeat(4000) },
    { ...quiet, text: 'x'.repeat(4001) },
    'text characters: 4001',
  ],
  ['no text', { ...quiet, text: 'x' }, { ...quiet, text: '' }, 'text characters: none'],
  ['nothing', { ...quiet, text: 'x' }, quiet, 'nothing to show'],
  [
    'attachments',
    { ...quiet, attachments: times(20, attachment) },
    { ...quiet, attachments: times(21, attachment) },
    'attachments: 21',
  ],
  ['no blocks', ofBlocks(section(1)), { ...ofBlocks(), text: 'x' }, 'an attachment without blocks'],
  [
    'fallback',
    { ...quiet, attachments: [{ ...attachment, fallback: 'x'.repeat(300) }] },
    { ...quiet, attachments: [{ ...attachment, fallback: 'x'.repeat(301) }] },
    'fallback characters: 301',
  ],
  ['blocks', ofBlocks(...times(50, section(1))), ofBlocks(...times(51, section(1))), 'blocks: 51'],
  [
    'blocks in all',
    { ...ofBlocks(...times(25, section(1))), blocks: times(25, section(1)) },
    { ...ofBlocks(...times(25, section(1))), blocks: times(26, section(1)) },
    'blocks: 51',
  ],
  ['section text', ofBlocks(section(3000)), ofBlocks(section(3001)), 'section text characters: 3001'],
  ['empty section text', ofBlocks(section(1)), ofBlocks(section(0)), 'section text characters: none'],
  ['section', ofBlocks({ type: 'section', fields: [word] }), ofBlocks({ type: 'section' }), 'without text'],
  [
    'fields',
    ofBlocks({ type: 'section', fields: times(10, word) }),
    ofBlocks({ type: 'section', fields: times(11, word) }),
    'section fields: 11',
  ],
  [
    'field',
    ofBlocks({ type: 'section', fields: [{ ...word, text: 'x'.repeat(2000) }] }),
    ofBlocks({ type: 'section', fields: [{ ...word, text: 'x'.repeat(2001) }] }),
    'section field characters: 2001',
  ],
  [
    'header',
    ofBlocks({ type: 'header', text: { ...word, text: 'x'.repeat(150) } }),
    ofBlocks({ type: 'header', text: { ...word, text: 'x'.repeat(151) } }),
    'header characters: 151',
  ],
  [
    'context elements',
    ofBlocks({ type: 'context', elements: times(10, word) }),
    ofBlocks({ type: 'context', elements: times(11, word) }),
    'context elements: 11',
  ],
  [
    'context text',
    ofBlocks({ type: 'context', elements: [{ ...word, text: 'x'.repeat(2000) }] }),
    ofBlocks({ type: 'context', elements: [{ ...word, text: 'x'.repeat(2001) }] }),
    'context text characters: 2001',
  ],
  [
    'button url',
    ofBlocks(button({ url: 'x'.repeat(3000) })),
    ofBlocks(button({ url: 'x'.repeat(3001) })),
    'url',
  ],
  [
    'button value',
    ofBlocks(button({ value: 'x'.repeat(2000) })),
    ofBlocks(button({ value: 'x'.repeat(2001) })),
    'value',
  ],
  [
    'menu',
    ofBlocks(menu(times(5, option))),
    ofBlocks(menu(times(6, option))),
    'overflow options: 6, at most 5',
  ],
  ['empty menu', ofBlocks(menu([option])), ofBlocks(menu([])), 'overflow options: none'],
  [
    'option text',
    ofBlocks(menu([{ ...option, text: { ...word, text: 'x'.repeat(75) } }])),
    ofBlocks(menu([{ ...option, text: { ...word, text: 'x'.repeat(76) } }])),
    'option text characters: 76',
  ],
  [
    'option value',
    ofBlocks(menu([{ ...option, value: 'x'.repeat(75) }])),
    ofBlocks(menu([{ ...option, value: 'x'.repeat(76) }])),
    'option value characters: 76',
  ],
  [
    'option url',
    ofBlocks(menu([{ ...option, url: 'x'.repeat(3000) }])),
    ofBlocks(menu([{ ...option, url: 'x'.repeat(3001) }])),
    'option url characters: 3001',
  ],
  [
    'select',
    ofBlocks(select({ options: times(100, option) })),
    ofBlocks(select({ options: times(101, option) })),
    'select options: 101, at most 100',
  ],
  [
    'placeholder',
    ofBlocks(select({ placeholder: { ...word, text: 'x'.repeat(150) } })),
    ofBlocks(select({ placeholder: { ...word, text: 'x'.repeat(151) } })),
    'placeholder characters: 151',
  ],
  [
    'elements',
    ofBlocks(select({})),
    ofBlocks({ type: 'actions', elements: [{ type: 'datepicker' }] }),
    'a datepicker',
  ],
  [
    'action id',
    ofBlocks(button({ action_id: 'x'.repeat(255) })),
    ofBlocks(button({ action_id: 'x'.repeat(256) })),
    'id',
  ],
  [
    'divider',
    ofBlocks({ type: 'divider' }),
    ofBlocks({ type: 'file', source: 'x', external_id: 'x' }),
    'a file block',
  ],
  [
    'block ids',
    ofBlocks({ ...section(1), block_id: 'a' }, { ...section(1), block_id: 'b' }),
    ofBlocks({ ...section(1), block_id: 'a' }, { ...section(1), block_id: 'a' }),
    'a block_id twice',
  ],
  [
    'characters in all',
    ofBlocks(...times(4, section(2999))),
    ofBlocks(...times(4, section(3000))),
    'characters: 12001, at most 12000',
  ],
  [
    'size in all',
    ofBlocks(...times(40, section(229))),
    ofBlocks(...times(40, section(230))),
    'size: 13201, at most 13200',
  ],
])('%s', (_, fits, breaks, problem) => {
  expect(limitViolations(fits)).toEqual([]);
  expect(assertValidMessage(fits)).toBe(fits);
  expect(limitViolations(breaks).join('; ')).toContain(problem);
  expect(() => assertValidMessage(breaks)).toThrowError(
    expect.objectContaining({ code: 'message_over_limits' }),
  );
});
