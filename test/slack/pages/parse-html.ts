/** An element of a page: its attributes decoded, its children in order. */
export type HtmlElement = {
  name: string;
  attributes: Record<string, string>;
  children: (HtmlElement | string)[];
};

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/**
 * Parses a page, and throws an error unless it is strictly well-formed: every element closed, every attribute in double
 * quotes and only once, no `<`, `>` or lone `&` in a text, no comment.
 */
export function parseHtml(source: string): HtmlElement {
  const prologue = '<!doctype html>\n';
  if (!source.startsWith(prologue)) throw new Error('no doctype');
  const root: HtmlElement = { name: '', attributes: {}, children: [] };
  const open = [root];
  const token = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>|([^<]+)|(<)/gy;
  token.lastIndex = prologue.length;
  let end = prologue.length;
  for (const [whole, slash, name, attributes, selfClosed, text] of source.matchAll(token)) {
    const position = end;
    end += whole.length;
    const parent = open.at(-1);
    if (parent === undefined) throw new Error('closed too often');
    if (text !== undefined) {
      parent.children.push(parent.name === 'style' ? text : decode(text));
    } else if (name === undefined) {
      throw new Error(`not a tag: ${source.slice(position, position + 60)}`);
    } else if (slash === '/') {
      if (open.pop()?.name !== name || attributes !== '') throw new Error(`</${name}> closes ${parent.name}`);
    } else {
      const element = { name, attributes: toAttributes(attributes ?? ''), children: [] };
      parent.children.push(element);
      if (selfClosed !== '/') open.push(element);
    }
  }
  if (end !== source.length) throw new Error(`unreadable: ${source.slice(end, end + 60)}`);
  if (open.length !== 1) throw new Error(`left open: ${open.map(({ name }) => name).join(' ')}`);
  const [html, ...rest] = root.children.filter((child) => typeof child !== 'string' || child.trim() !== '');
  if (html === undefined || typeof html === 'string' || rest.length > 0)
    throw new Error('not one root element');
  return html;
}

/** All elements of a page in document order, the root first. */
export function elementsOf(element: HtmlElement): HtmlElement[] {
  return [
    element,
    ...element.children.flatMap((child) => (typeof child === 'string' ? [] : elementsOf(child))),
  ];
}

export function byName(page: HtmlElement, name: string): HtmlElement[] {
  return elementsOf(page).filter((element) => element.name === name);
}

/** The text of an element and its descendants. */
export function textOf(element: HtmlElement): string {
  const parts = element.children.map((child) => (typeof child === 'string' ? child : textOf(child)));
  return parts.join('').replace(/\s+/g, ' ').trim();
}

function toAttributes(source: string): Record<string, string> {
  const pairs = [...source.matchAll(/([\w:-]+)="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, decode(value)] as const,
  );
  const attributes = Object.fromEntries(pairs);
  if (Object.keys(attributes).length !== pairs.length) throw new Error(`attribute twice: ${source}`);
  return attributes;
}

function decode(text: string): string {
  if (/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`not escaped: ${text}`);
  return text.replace(/&([\w#]+);/g, (_, name: string) => named[name] ?? '');
}
