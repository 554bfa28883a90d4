import { findAuthorizeUrl } from '../../sandbox/slack/browser.ts';

/** Keeps cookies, and does not follow redirects by itself. */
export type Browser = {
  get(url: string): Promise<Response>;
  /** Requests a URL that leads on, by a redirect or a button to Slack. @returns the next URL */
  follow(url: string): Promise<string>;
  /** Oldest first. */
  cookies(): string[];
};

export function openBrowser(): Browser {
  const jar = new Map<string, string>();

  async function get(url: string): Promise<Response> {
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = pair.split('=');
      const isGone = attributes.some((each) => /^(Max-Age=0|Expires=Thu, 01 Jan 1970.*)$/.test(each));
      if (isGone) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  return {
    get,
    async follow(url) {
      const answer = await get(url);
      return findAuthorizeUrl(answer);
    },
    cookies: () => [...jar.keys()],
  };
}
