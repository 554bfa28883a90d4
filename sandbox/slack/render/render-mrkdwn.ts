export interface RenderedText {
  /** `\n` between lines. */
  text: string;
  links: { label: string; url: string }[];
  /** `@U012AB3CD`, `@channel`, `#C024BE7LR` */
  mentions: string[];
  /** `bold: Acme Corp` */
  formats: string[];
}

/** Independent of the code that builds messages. */
export interface Reading {
  formatting: boolean;
  /** `<…>` has a meaning. */
  tokens: boolean;
  autoLinks: boolean;
  emoji: boolean;
}

const marks = new Map([
  ['*', 'bold'],
  ['_', 'italic'],
  ['~', 'strike'],
  ['`', 'code'],
]);

const token = /<([^<>]*)>/g;

/** In Slack's order: tokens, formatting, emoji, URLs, and entities last. */
export function renderMrkdwn(source: string, reading: Reading): RenderedText {
  const rendered: RenderedText = { text: '', links: [], mentions: [], formats: [] };
  const addresses: string[] = [];
  let text = reading.tokens ? replaceTokens(source, rendered, addresses) : source;
  if (reading.formatting) text = replaceFormatting(text, rendered);
  if (reading.emoji)
    text = text.replace(/:([^\s:\u2060][^\s:]*):/gu, (whole) => {
      rendered.formats.push(`emoji: ${whole}`);
      return whole;
    });
  // A token's label is no further link.
  if (reading.autoLinks) findAddresses(reading.tokens ? source.replace(token, ' ') : source, rendered);
  rendered.text = decode(text).replace(/\0(\d+)\0/g, (_, index) => addresses[Number(index)] ?? '');
  return rendered;
}

function replaceTokens(source: string, rendered: RenderedText, addresses: string[]): string {
  return source.replace(token, (_, content: string) => {
    const bar = content.indexOf('|');
    const target = bar < 0 ? content : content.slice(0, bar);
    const label = bar < 0 ? undefined : content.slice(bar + 1);
    if (target.startsWith('!date^')) return label ?? target;
    if (/^[@#!]/.test(target)) {
      const mention = target.startsWith('!') ? `@${target.slice(1)}` : target;
      rendered.mentions.push(mention);
      return mention;
    }
    // Labels keep their entities and formatting for the next steps, as in Slack.
    rendered.links.push({ label: decode(label ?? target), url: decode(target) });
    return label ?? `\0${addresses.push(decode(target)) - 1}\0`;
  });
}

function replaceFormatting(text: string, rendered: RenderedText): string {
  return text
    .split('\n')
    .map((line) => {
      if (line.startsWith('&gt;')) rendered.formats.push(`quote: ${line}`);
      return line.replace(
        /(?<![\p{L}\p{N}])([*_~`])(?=\S)(.*?\S)\1(?![\p{L}\p{N}])/gu,
        (_, mark: string, inner: string) => {
          rendered.formats.push(`${marks.get(mark)}: ${decode(inner)}`);
          return inner;
        },
      );
    })
    .join('\n');
}

function findAddresses(text: string, rendered: RenderedText): void {
  for (const [url] of text.matchAll(/\b(?:[a-z]+:\/\/\S+|[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,})/gu))
    rendered.links.push({ label: url, url });
}

function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
