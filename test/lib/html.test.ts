import fc from 'fast-check';
import { expect, it } from 'vitest';
import { html } from '../../src/lib/html.ts';
import { byName, parseHtml, textOf } from '../slack/pages/parse-html.ts';
import { anyText } from '../support/any-text.ts';

it('keeps markup, escapes text, joins lists and leaves out undefined', () => {
  const items = ['a & b', '<c>'].map((text) => html`<li>${text}</li>`);
  expect(html`<ul title="${'"'}">${items}${undefined}${3}</ul>`.toString()).toBe(
    '<ul title="&quot;"><li>a &amp; b</li><li>&lt;c&gt;</li>3</ul>',
  );
});

it('preserves any text and any attribute', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      const page = parseHtml(`<!doctype html>\n${html`<p title="${text}"><b>x${text}</b></p>`}`);
      expect(page.attributes.title).toBe(text);
      expect(byName(page, 'b').map(({ children }) => children.join(''))).toEqual([`x${text}`]);
      expect(textOf(page)).toBe(`x${text}`.replace(/\s+/g, ' ').trim());
    }),
  );
});
