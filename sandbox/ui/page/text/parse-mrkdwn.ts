import { decodeEntities } from './decode-entities.ts';
import { emoji } from './emoji.ts';
import { parseToken } from './parse-token.ts';

export type MrkdwnNode =
  | { type: 'text'; text: string }
  | { type: 'bold' | 'italic' | 'strike' | 'quote'; children: MrkdwnNode[] }
  | { type: 'code' | 'pre'; text: string }
  | { type: 'break' }
  | { type: 'link'; url: string; children: MrkdwnNode[] }
  | { type: 'user' | 'channel'; id: string }
  | { type: 'broadcast'; range: string }
  | { type: 'date'; timestamp: number; format: string; fallback: string; url: string | undefined }
  | { type: 'emoji'; name: string };

/** `verbatim` links no bare URLs. Without `formatting`, only `<…>`, emoji, URLs and entities have a meaning. */
export type MrkdwnOptions = { verbatim?: boolean; formatting?: boolean };

const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

/**
 * As Slack does (https://docs.slack.dev/messaging/formatting-message-text): `*bold*` and the like only at word
 * boundaries and within a line, `<…>` first, entities last.
 */
export function parseMrkdwn(source: string, options: MrkdwnOptions = {}): MrkdwnNode[] {
  if (options.formatting === false) return parseLines(source, options);
  const parts = source.split(/```\n?([\s\S]+?)\n?```/);
  return parts.flatMap((part, index): MrkdwnNode[] =>
    index % 2 === 1 ? [{ type: 'pre', text: decodeEntities(part) }] : parseLines(part, options),
  );
}

/** Consecutive lines that start with `>` form one quote. */
function parseLines(source: string, options: MrkdwnOptions): MrkdwnNode[] {
  const nodes: MrkdwnNode[] = [];
  let quote: MrkdwnNode[] | undefined;
  let isFirst = true;
  for (const line of source.split('\n')) {
    const [mark] = options.formatting === false ? [] : (/^&gt; ?/.exec(line) ?? []);
    if (mark === undefined) {
      if (quote === undefined && !isFirst) nodes.push({ type: 'break' });
      quote = undefined;
    } else if (quote === undefined) {
      quote = [];
      nodes.push({ type: 'quote', children: quote });
    } else quote.push({ type: 'break' });
    (quote ?? nodes).push(...parseInline(line.slice(mark?.length ?? 0), options));
    isFirst = false;
  }
  return nodes;
}

function parseInline(source: string, options: MrkdwnOptions): MrkdwnNode[] {
  const nodes: MrkdwnNode[] = [];
  let plain = '';
  let at = 0;
  while (at < source.length) {
    const found = nodeAt(source, at, options);
    if (found === undefined) {
      plain += source[at];
      at += 1;
      continue;
    }
    if (plain !== '') nodes.push({ type: 'text', text: decodeEntities(plain) });
    plain = '';
    nodes.push(found.node);
    at += found.length;
  }
  if (plain !== '') nodes.push({ type: 'text', text: decodeEntities(plain) });
  return nodes;
}

type Found = { node: MrkdwnNode; length: number } | undefined;

function nodeAt(source: string, at: number, options: MrkdwnOptions): Found {
  const rest = source.slice(at);
  const [token, inner] = /^<([^<>]*)>/.exec(rest) ?? [];
  if (token !== undefined && inner !== undefined) {
    return { node: parseToken(inner, (label) => parseInline(label, options)), length: token.length };
  }
  const [emojiToken, name = ''] = /^:([\w+'-]+):/.exec(rest) ?? [];
  if (emojiToken !== undefined && Object.hasOwn(emoji, name)) {
    return { node: { type: 'emoji', name }, length: emojiToken.length };
  }
  if (/[\p{L}\p{N}]$/u.test(source.slice(0, at))) return undefined;
  const formatted = options.formatting === false ? undefined : span(rest, options);
  return formatted ?? (options.verbatim === true ? undefined : address(rest));
}

/** `*bold*`, `_italic_`, `~strike~` and `` `code` `` */
function span(rest: string, options: MrkdwnOptions): Found {
  const [code, text] = /^`([^`\n]+)`(?![\p{L}\p{N}])/u.exec(rest) ?? [];
  if (code !== undefined && text !== undefined) {
    return { node: { type: 'code', text: decodeEntities(text) }, length: code.length };
  }
  const mark = rest[0];
  if (mark !== '*' && mark !== '_' && mark !== '~') return undefined;
  const pattern = new RegExp(`^[${mark}]((?:<[^<>]*>|[^${mark}\\n])+?)[${mark}](?![\\p{L}\\p{N}])`, 'u');
  const [whole, inner = ''] = pattern.exec(rest) ?? [];
  if (whole === undefined || inner.trim() !== inner) return undefined;
  return { node: { type: marks[mark], children: parseInline(inner, options) }, length: whole.length };
}

/** A bare URL; without a scheme only for common domains. */
function address(rest: string): Found {
  const [found] =
    /^(?:https?:\/\/[^\s<>|]+|(?:[\w-]+\.)+(?:com|net|org|io|ai|dev)\b(?:\/[^\s<>|]*)?)/.exec(rest) ?? [];
  const text = found?.replace(/[.,;:!?)'"]+$/, '');
  if (text === undefined || text === '') return undefined;
  const label = decodeEntities(text);
  const url = label.startsWith('http') ? label : `http://${label}`;
  return { node: { type: 'link', url, children: [{ type: 'text', text: label }] }, length: text.length };
}
