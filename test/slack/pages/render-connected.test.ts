import { describe, expect, it } from 'vitest';
import { type Connected, renderConnected } from '../../../src/slack/pages/render-connected.ts';
import { connected } from './every-page.ts';
import { byName, parseHtml, textOf } from './parse-html.ts';

function show(change: Partial<Connected>) {
  const page = renderConnected({ ...connected, ...change });
  expect(page.status).toBe(200);
  const root = parseHtml(page.html);
  return {
    heading: byName(root, 'h1').map(textOf).join(),
    text: byName(root, 'main').map(textOf).join(),
    links: byName(root, 'main')
      .flatMap((main) => byName(main, 'a'))
      .map((link) => [textOf(link), link.attributes.href]),
  };
}

describe('the page after Allow', () => {
  it('says that alerts are active, what is sent, where the rules are, and links to Slack and to Perly', () => {
    const { heading, text, links } = show({});
    expect(heading).toBe('Alerts are active in #customer-health');
    expect(text).toContain('A first message is in the channel');
    expect(text).toContain('Acme Inc.');
    expect(text).toContain('Northwind');
    expect(text).toContain('Customers at risk, health score drops, failed billing retries');
    expect(text).toContain('Next: choose in Perly’s Home in Slack which alerts come');
    expect(text).toContain('If this channel is shared with another organisation, its people read the alerts');
    expect(links).toEqual([
      ['Open the channel in Slack', connected.slackUrl],
      ['Open Perly in Slack', connected.homeUrl],
      ['Back to Perly', connected.perlyUrl],
    ]);
  });

  it('does not promise a first message that is not there', () => {
    const { text } = show({ welcomed: false });
    expect(text).not.toContain('first message is in the channel');
    expect(text).toContain('Slack has not confirmed it');
  });

  it('does not say that alerts are active if Slack refused the first message', () => {
    const refusal = 'A workspace admin does not allow these messages.';
    for (const change of [
      {},
      { moved: true },
      { reconnected: true, missed: 3 },
      { accountName: undefined },
    ]) {
      const { heading, text } = show({ welcomed: false, refusal, ...change });
      expect(heading).toBe('Slack takes no alerts in #customer-health');
      expect(text).toContain(refusal);
      expect(text).not.toMatch(/all set|as they happen|come to this channel|They are sent as one message/);
    }
  });

  it('says that a reconnected channel has kept its rules', () => {
    const { heading, text } = show({ reconnected: true });
    expect(heading).toBe('Reconnected #customer-health');
    expect(text).toContain('Unchanged');
    expect(text).not.toContain('Customers at risk');
  });

  it('says that a channel is still paused after a reconnect or a move', () => {
    for (const change of [{ reconnected: true }, { moved: true }]) {
      const { text } = show({ paused: true, ...change });
      expect(text).toContain('Alerts are paused in this channel');
      expect(text).not.toMatch(/Alerts (now )?come to this channel/);
    }
  });

  it('links to linking if no account is known yet', () => {
    const { heading, text, links } = show({
      accountName: undefined,
      linkUrl: 'https://app.perly.ai/link?state=a.b',
    });
    expect(heading).toBe('#customer-health is waiting for Perly');
    expect(text).toContain('One step left');
    expect(text).not.toContain('You are all set');
    expect(links[0]).toEqual(['Link your Perly account', 'https://app.perly.ai/link?state=a.b']);
  });

  it.each(['https://app.perly.ai', 'https://app.perly.ai/', 'https://app.perly.ai/?from=slack#top'])(
    "leads to Perly's own settings where there is no link, from %s",
    (perlyUrl) => {
      const { links } = show({ accountName: undefined, perlyUrl });
      expect(links[0]).toEqual([
        'Open Slack settings in Perly',
        'https://app.perly.ai/settings/notifications/slack',
      ]);
    },
  );

  it('keeps rules and says what is left to do when a channel without an account is reconnected', () => {
    const { heading, text } = show({ accountName: undefined, reconnected: true });
    expect(heading).toBe('Reconnected #customer-health');
    expect(text).toContain('Next: link your Perly account');
    expect(text).not.toContain('Alerts come to this channel again');
  });

  it('copes with missing names', () => {
    const { heading, text } = show({ channelName: '', teamName: '' });
    expect(heading).toBe('Alerts are active in your channel');
    expect(text).not.toContain('Workspace');
  });
});
