import { html } from '../../lib/html.ts';

export type SiteLinks = { aboutUrl: string; supportUrl: string; privacyUrl: string };

export const sitePaths = { about: '/', support: '/support', privacy: '/privacy' } as const;

export function toSiteLinks(appUrl: string): SiteLinks {
  return {
    aboutUrl: `${appUrl}${sitePaths.about}`,
    supportUrl: `${appUrl}${sitePaths.support}`,
    privacyUrl: `${appUrl}${sitePaths.privacy}`,
  };
}

export function renderFooter({ aboutUrl, supportUrl, privacyUrl }: SiteLinks) {
  return html`<footer>
<p>Perly only posts alerts to the channels that you pick. It cannot read your messages.</p>
<nav aria-label="About this app"><a href="${aboutUrl}">About Perly for Slack</a><a href="${supportUrl}">Support</a><a href="${privacyUrl}">Privacy</a></nav>
</footer>`;
}
