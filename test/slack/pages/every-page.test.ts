import { describe, expect, it } from 'vitest';
import { everyPage } from './every-page.ts';
import { byName, elementsOf, parseHtml, textOf } from './parse-html.ts';

describe.each(everyPage())('the page "%s"', (_name, { html }) => {
  const page = parseHtml(html);
  const [title = ''] = byName(page, 'title').map(textOf);
  const [heading = ''] = byName(page, 'h1').map(textOf);

  it('declares its language, and has one headline', () => {
    expect(page.attributes).toEqual({ lang: 'en' });
    expect(byName(page, 'title')).toHaveLength(1);
    expect(byName(page, 'h1')).toHaveLength(1);
    expect(heading).not.toBe('');
    expect(title).toBe(`${heading} – Perly for Slack`);
  });

  it('has one main landmark, with the headline in it, and fits a phone', () => {
    expect(byName(page, 'main').flatMap((main) => byName(main, 'h1'))).toHaveLength(1);
    const metas = byName(page, 'meta').map(({ attributes }) => attributes.name);
    expect(metas).toContain('viewport');
  });

  it('states its status in words beside the icon', () => {
    const [status] = elementsOf(page).filter(({ attributes }) => attributes.class?.startsWith('status '));
    expect(status && textOf(status)).toMatch(/^[A-Z][\w ]+$/);
  });

  it('loads nothing, runs nothing, and styles nothing inline', () => {
    const names = new Set(elementsOf(page).map(({ name }) => name));
    for (const name of ['script', 'img', 'iframe', 'form', 'base', 'object', 'use', 'image']) {
      expect(names).not.toContain(name);
    }
    const attributes = elementsOf(page).flatMap((element) => Object.keys(element.attributes));
    expect(attributes.filter((name) => /^(on|style$|src|xlink)/.test(name))).toEqual([]);
    const [icon, ...others] = byName(page, 'link');
    expect(icon?.attributes).toEqual({ rel: 'icon', href: expect.stringMatching(/^data:image\/svg\+xml,/) });
    expect(others).toEqual([]);
  });

  it('leads somewhere, and every link says where', () => {
    const links = byName(page, 'main').flatMap((main) => byName(main, 'a'));
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      expect(link.attributes.href).toMatch(/^(https|slack):/);
      expect(textOf(link)).toMatch(/Perly|Slack/);
    }
  });

  it('links what the app is, support and privacy in its foot', () => {
    const links = byName(page, 'footer').flatMap((foot) => byName(foot, 'a'));
    expect(links.map((link) => [textOf(link), link.attributes.href])).toEqual([
      ['About Perly for Slack', 'https://slack.perly.ai/'],
      ['Support', 'https://slack.perly.ai/support'],
      ['Privacy', 'https://slack.perly.ai/privacy'],
    ]);
  });
});

describe('texts from others', () => {
  const hostile = `"><script>alert(1)</script><a href='javascript:alert(1)' onclick="x">&amp;\u202e`;

  it.each(everyPage({ channelName: hostile, teamName: hostile }))(
    'is only text on "%s"',
    (_name, { html }) => {
      const page = parseHtml(html);
      expect(byName(page, 'script')).toEqual([]);
      const links = byName(page, 'main').flatMap((main) => byName(main, 'a'));
      expect(links.filter(({ attributes }) => attributes.class !== 'button')).toEqual([]);
      expect(html).not.toContain('\u202e');
    },
  );

  it.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//evil.example',
    '/relative',
    '',
  ])('never becomes a link to %j', (url) => {
    const urls = { perlyUrl: url, slackUrl: url, linkUrl: url, installUrl: url, homeUrl: url };
    for (const [, { html }] of everyPage(urls)) {
      expect(byName(parseHtml(html), 'main').flatMap((main) => byName(main, 'a'))).toEqual([]);
    }
  });

  it('is escaped in a URL too', () => {
    for (const [, { html }] of everyPage({ perlyUrl: `https://app.perly.ai/?a=1&b="'<script>` })) {
      const hrefs = byName(parseHtml(html), 'a').map(({ attributes }) => attributes.href);
      for (const href of hrefs.filter((value) => value?.startsWith('https://app.perly.ai/?'))) {
        expect(href).toBe('https://app.perly.ai/?a=1&b=%22%27%3Cscript%3E');
      }
    }
  });
});
