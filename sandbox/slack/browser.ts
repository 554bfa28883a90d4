import { unescapeHtml } from './html.ts';

/** Ids, or names as the page shows them. */
export interface ConsentChoice {
  /** `#customer-health`, `customer-health` or an id. */
  channel?: string;
  /** By default the first person of the workspace. */
  user?: string;
  /** If the app pins none. */
  team?: string;
}

/**
 * @returns the URL in the app that Slack sends the browser to, with `code` and `state`
 * @throws Error with Slack's text
 */
export async function approve(authorizeUrl: string, choice: ConsentChoice = {}): Promise<string> {
  return await answer(authorizeUrl, choice, 'allow');
}

/** @returns the page's text, since Slack keeps the browser */
export async function requestApproval(authorizeUrl: string): Promise<string> {
  return await answer(authorizeUrl, {}, 'request');
}

/** @returns the URL that Slack sends the browser to */
export async function deny(authorizeUrl: string): Promise<string> {
  return await answer(authorizeUrl, {}, 'cancel');
}

/**
 * With cookies: the app's install URL, the consent page, the app's callback.
 * @param installUrl leads to the consent page, by a redirect or a button
 * @returns the app's last answer; further redirects are not followed
 */
export async function install(installUrl: string, choice: ConsentChoice | 'cancel' = {}): Promise<Response> {
  const start = await fetch(installUrl, { redirect: 'manual' });
  const authorizeUrl = await findAuthorizeUrl(start);
  const cookie = start.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const back = choice === 'cancel' ? await deny(authorizeUrl) : await approve(authorizeUrl, choice);
  return await fetch(back, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
}

/** By a redirect or a button. */
export async function findAuthorizeUrl(response: Response): Promise<string> {
  const html = await response.text();
  const [, button] = /href="([^"]*\/oauth\/v2\/authorize\?[^"]*)"/.exec(html) ?? [];
  const found = response.headers.get('location') ?? (button === undefined ? undefined : unescapeHtml(button));
  if (found === undefined) throw new Error(`no link to Slack, but ${response.status}: ${html}`);
  return found;
}

async function answer(authorizeUrl: string, choice: ConsentChoice, button: string): Promise<string> {
  let at = new URL(authorizeUrl);
  let html = await open(at);
  for (const [name, wanted] of [
    ['as_team', choice.team],
    ['as_user', choice.user],
  ] as const) {
    if (wanted === undefined) continue;
    const address = new URL(at);
    address.searchParams.set(name, pick(html, name, wanted));
    at = address;
    html = await open(at);
  }
  const form = new URLSearchParams();
  const body = html.slice(html.indexOf('<form method="post"'));
  for (const [, name = '', value = ''] of body.matchAll(
    /<input type="hidden" name="(.*?)" value="(.*?)">/g,
  )) {
    form.append(unescapeHtml(name), unescapeHtml(value));
  }
  if (button === 'allow' && body.includes('name="channel"')) {
    if (choice.channel === undefined) throw new Error('the consent page asks for a channel: name one');
    form.set('channel', pick(html, 'channel', choice.channel));
  }
  form.set('answer', button);
  const response = await fetch(new URL('/oauth/v2/authorize', at), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  const text = await response.text();
  const location = response.headers.get('location');
  if (button === 'request' && location === null && response.ok) return text;
  if (location === null) throw new Error(`Slack's consent page answers ${response.status}: ${errorOf(text)}`);
  return location;
}

async function open(url: URL): Promise<string> {
  const response = await fetch(url);
  const html = await response.text();
  if (!response.ok) throw new Error(`Slack's consent page answers ${response.status}: ${errorOf(html)}`);
  return html;
}

function pick(html: string, name: string, wanted: string): string {
  const [, options = ''] = new RegExp(`<select id="${name}"[^>]*>(.*?)</select>`, 's').exec(html) ?? [];
  const bare = (text: string) => text.replace(/^(#|🔒 )/u, '');
  const choices = [...options.matchAll(/<option value="(.*?)"[^>]*>(.*?)<\/option>/g)].map(
    ([, value = '', label = '']) => ({ value: unescapeHtml(value), label: unescapeHtml(label) }),
  );
  const found = choices.find(({ value, label }) => value === wanted || bare(label) === bare(wanted));
  if (found !== undefined && found.value !== '') return found.value;
  throw new Error(`"${wanted}" is none of ${choices.map(({ label }) => label).join(', ')}`);
}

function errorOf(html: string): string {
  return /<code>(.*?)<\/code>/.exec(html)?.[1] ?? html;
}
