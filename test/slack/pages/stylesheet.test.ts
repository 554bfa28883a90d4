import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pageHeaders } from '../../../src/slack/pages/send-page.ts';
import { stylesheet } from '../../../src/slack/pages/stylesheet.ts';
import { everyPage } from './every-page.ts';
import { byName, parseHtml } from './parse-html.ts';

it.each(everyPage())('the policy allows the stylesheet of "%s", byte for byte', (_name, { html }) => {
  const styles = byName(parseHtml(html), 'style').map(({ children }) => children.join(''));
  expect(styles).toHaveLength(1);
  const hash = createHash('sha256').update(styles.join('')).digest('base64');
  expect(pageHeaders['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
});

it("loads nothing and respects people's settings", () => {
  const css = stylesheet.toString();
  expect(css).not.toMatch(/url\(|@import|@font-face/);
  expect(css).toContain(':focus-visible');
  const still = css.replace(/@media \(prefers-reduced-motion: no-preference\) \{[^}]*\}\s*\}/, '');
  expect(still).not.toMatch(/transition|animation/);
});

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, for `#rgb` and `#rrggbb`. */
function contrast(one: string, other: string): number {
  const luminance = (hex: string) => {
    const full = hex.length === 4 ? hex.replace(/\w/g, '$&$&') : hex;
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const [, light = '', dark = ''] = stylesheet.toString().split(':root {');
describe.each([
  ['light', light],
  ['dark', dark],
])('the %s colours', (_scheme, css) => {
  const colours = Object.fromEntries(
    [...css.matchAll(/--([\w-]+): (#\w+)/g)].map(([, name = '', value = '']) => [name, value]),
  );

  it.each([
    ['text', 'card', 4.5],
    ['text', 'page', 4.5],
    ['text', 'hover', 4.5],
    ['soft', 'card', 4.5],
    ['soft', 'page', 4.5],
    ['done', 'card', 4.5],
    ['waiting', 'card', 4.5],
    ['problem', 'card', 4.5],
    ['on-strong', 'strong', 4.5],
    ['on-strong', 'strong-hover', 4.5],
    ['edge', 'card', 3],
    ['focus', 'card', 3],
  ])('%s has a contrast with %s of %d to 1', (front, back, least) => {
    expect(contrast(colours[front] ?? '', colours[back] ?? '')).toBeGreaterThanOrEqual(least);
  });
});
