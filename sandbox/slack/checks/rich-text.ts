import type { Check } from './check.ts';
import { byType, list, record, type } from './shapes.ts';
import { boolean, integer, oneOf, string, url } from './values.ts';

// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block

const style = record(
  {},
  { bold: boolean, italic: boolean, strike: boolean, code: boolean, underline: boolean },
);
const words = record({ type, text: string(3000) }, { style });
const link = record({ type, url }, { text: string(3000), unsafe: boolean, style });

const inline = byType({
  text: words,
  link,
  emoji: record({ type, name: string(100) }, { unicode: string(100), style }),
  user: record({ type, user_id: string(255) }, { style }),
  channel: record({ type, channel_id: string(255) }, { style }),
  usergroup: record({ type, usergroup_id: string(255) }, { style }),
  broadcast: record({ type, range: oneOf('here', 'channel', 'everyone') }, { style }),
  color: record({ type, value: string(7) }, { style }),
  date: record(
    { type, timestamp: integer(0, 1e11), format: string(255) },
    { url, fallback: string(3000), style },
  ),
});

const manyInline = list(inline, { min: 0, max: 1000 });
const border = { border: integer(0, 1) };
const section = record({ type, elements: manyInline });

export const richTextElement: Check = byType({
  rich_text_section: section,
  rich_text_list: record(
    {
      type,
      elements: list(byType({ rich_text_section: section }), { max: 1000 }),
      style: oneOf('bullet', 'ordered'),
    },
    { ...border, indent: integer(0, 8), offset: integer(0, 1000) },
  ),
  rich_text_quote: record({ type, elements: manyInline }, border),
  rich_text_preformatted: record(
    { type, elements: list(byType({ text: words, link }), { min: 0, max: 1000 }) },
    { ...border, language: string(100) },
  ),
});
