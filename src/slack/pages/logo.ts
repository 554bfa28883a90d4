import { html } from '../../lib/html.ts';

const shapes = html`
<defs>
<radialGradient id="sphere" cx="36%" cy="30%" r="72%">
<stop offset="0" stop-color="#FFFFFF"/><stop offset=".32" stop-color="#F6EFF3"/><stop offset=".62" stop-color="#D9CFE3"/><stop offset=".86" stop-color="#A9B4D0"/><stop offset="1" stop-color="#8C9AC0"/>
</radialGradient>
<radialGradient id="glow" cx="68%" cy="78%" r="42%">
<stop offset="0" stop-color="#FFE3D3" stop-opacity=".85"/><stop offset="1" stop-color="#FFE3D3" stop-opacity="0"/>
</radialGradient>
</defs>
<circle cx="16" cy="16" r="14" fill="url(#sphere)"/>
<circle cx="16" cy="16" r="14" fill="url(#glow)"/>
<ellipse cx="11.4" cy="9.8" rx="3.6" ry="2.3" fill="#FFFFFF" transform="rotate(-34 11.4 9.8)"/>`;

/** Perly's mark, beside its name: hence hidden from screen readers. */
export const logo = html`<svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">${shapes}
</svg>`;

/** The mark as a `data:` URL for the browser's tab, which spares a request for /favicon.ico. */
export const logoIconUrl = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${shapes}</svg>`,
)}`;
