import { type Reading, type RenderedText, renderMrkdwn } from './render-mrkdwn.ts';

export interface RenderedPart extends Omit<RenderedText, 'text'> {
  /** `#RRGGBB`; none for the message's own text. */
  colour: string | undefined;
  lines: string[];
}

type Json = Record<string, unknown>;

/**
 * Buttons are `[label]`, menus `[label choice | choice]`; dates are their fallback.
 * @param message the body of the POST, parsed
 */
export function renderMessage(message: unknown): RenderedPart[] {
  const body = toJson(message);
  const blocks = toList(body.blocks);
  const own = blocks.length > 0 ? blocks.flatMap(ofBlock) : ofOwnText(body);
  return [
    ...(own.length > 0 ? [toPart(own, undefined)] : []),
    ...toList(body.attachments).map((attachment) =>
      toPart(toList(attachment.blocks).flatMap(ofBlock), toText(attachment.color)),
    ),
  ];
}

export function renderLines(message: unknown): string[] {
  return renderMessage(message).flatMap((part) => part.lines);
}

function toPart(texts: RenderedText[], colour: string | undefined): RenderedPart {
  return {
    colour,
    lines: texts.flatMap(({ text }) => (text === '' ? [] : text.split('\n'))),
    links: texts.flatMap(({ links }) => links),
    mentions: texts.flatMap(({ mentions }) => mentions),
    formats: texts.flatMap(({ formats }) => formats),
  };
}

function ofOwnText(body: Json): RenderedText[] {
  if (typeof body.text !== 'string') return [];
  const reading = { formatting: body.mrkdwn !== false, tokens: true, autoLinks: true, emoji: true };
  return [renderMrkdwn(body.text, reading)];
}

function ofBlock(block: Json): RenderedText[] {
  const elements = toList(block.elements);
  switch (block.type) {
    case 'section':
      return [
        ...(block.text ? [ofText(block.text)] : []),
        ...toList(block.fields).map(ofText),
        ...ofAccessory(block),
      ];
    case 'header':
      return [ofText(block.text)];
    case 'context':
      return [join(elements.map(ofText), ' · ')];
    case 'rich_text':
      return elements.map(ofRichText);
    case 'actions':
      return [join(elements.map(ofElement), ' ')];
    default:
      return [];
  }
}

/** Its texts are literal. */
function ofRichText(part: Json): RenderedText {
  const texts = toList(part.elements).map((element): RenderedText => {
    const text = toText(element.text) ?? toText(element.url) ?? '';
    const url = toText(element.url);
    const user = toText(element.user_id);
    return {
      text: user === undefined ? text : `@${user}`,
      links: url === undefined ? [] : [{ label: text, url }],
      mentions: user === undefined ? [] : [`@${user}`],
      formats: toJson(element.style).bold === true ? [`bold: ${text}`] : [],
    };
  });
  return join(texts, '');
}

function ofAccessory(section: Json): RenderedText[] {
  return section.accessory === undefined ? [] : [ofElement(toJson(section.accessory))];
}

function ofElement(element: Json): RenderedText {
  if (element.type === 'overflow') return ofChoices('⋯', element);
  if (element.type === 'static_select') return ofChoices(`${ofText(element.placeholder).text} ▾`, element);
  return ofButton(element);
}

/** `[⋯ Open in Perly | Acknowledge]` */
function ofChoices(label: string, element: Json): RenderedText {
  const options = toList(element.options).map(ofButton);
  const { links, mentions, formats } = toPart(options, undefined);
  const labels = options.map(({ text }) => text.slice(1, -1)).join(' | ');
  return { text: `[${label} ${labels}]`, links, mentions, formats };
}

function ofButton(button: Json): RenderedText {
  const label = ofText(button.text).text;
  const url = toText(button.url);
  return { text: `[${label}]`, links: url === undefined ? [] : [{ label, url }], mentions: [], formats: [] };
}

function ofText(value: unknown): RenderedText {
  const object = toJson(value);
  const isMrkdwn = object.type === 'mrkdwn';
  const reading: Reading = {
    formatting: isMrkdwn,
    tokens: isMrkdwn,
    autoLinks: isMrkdwn && object.verbatim !== true,
    emoji: isMrkdwn || object.emoji !== false,
  };
  return renderMrkdwn(toText(object.text) ?? '', reading);
}

function join(texts: RenderedText[], separator: string): RenderedText {
  const { links, mentions, formats } = toPart(texts, undefined);
  return { text: texts.map(({ text }) => text).join(separator), links, mentions, formats };
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toJson(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function toList(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(toJson) : [];
}
