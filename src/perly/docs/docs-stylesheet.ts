import { createHash } from 'node:crypto';
import { html } from '../../html.ts';

/** The stylesheet of the API's page. Every pair of colours has a contrast of at least 4.5:1, light and dark. */
export const docsStylesheet = html`
:root {
  color-scheme: light dark;
  --page: #fff; --line: #e3e0e8; --text: #1d1b26; --soft: #5a5667; --block: #f4f3f6; --link: #3a3fbd;
  --get: #0b6b43; --put: #8a4b00; --post: #3a3fbd; --delete: #b42318;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131219; --line: #37343f; --text: #f3f1f7; --soft: #b3aebf; --block: #1d1b25; --link: #a9b0ff;
    --get: #57d49b; --put: #f5b95b; --post: #a9b0ff; --delete: #ff938a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--text); overflow-wrap: anywhere;
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
main, header, nav { max-width: 52rem; margin: 0 auto; }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; letter-spacing: -.015em; }
h2 { margin: 3rem 0 .5rem; font-size: 1.375rem; letter-spacing: -.01em; }
h3 { margin: 0; font-size: 1.0625rem; }
h4 { margin: 1rem 0 .25rem; font-size: .9375rem; }
p { margin: .25rem 0; }
a { color: var(--link); }
code, pre { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { margin: .5rem 0; padding: .875rem 1rem; overflow-x: auto; border-radius: .5rem; background: var(--block); }
nav ul { margin: .25rem 0 1rem; padding-left: 1.25rem; }
section { padding: 1.25rem 0; border-top: 1px solid var(--line); }
.route { display: block; margin-bottom: .25rem; color: var(--soft); }
.route b { margin-right: .375rem; }
.get { color: var(--get); } .put { color: var(--put); } .post { color: var(--post); } .delete { color: var(--delete); }
table { width: 100%; margin: .5rem 0; border-collapse: collapse; font-size: .9375rem; }
th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { width: 30%; font-weight: 600; }
td p, small { color: var(--soft); font-weight: 400; }
td table { margin-bottom: 0; }
td tr:last-child > * { border-bottom: 0; }
@media (max-width: 34rem) { th, td { display: block; width: auto; padding-right: 0; } th { border-bottom: 0; padding-bottom: 0; } }
`;

/** The headers of the API's page: nothing may load but its stylesheet. */
export const docsHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(docsStylesheet.toString()).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
} as const;
