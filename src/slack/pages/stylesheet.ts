import { createHash } from 'node:crypto';
import { html } from '../../lib/html.ts';

/** Every pair of colours has a contrast of at least 4.5:1, light and dark. */
export const stylesheet = html`
:root {
  color-scheme: light dark;
  --page: #f4f3f6; --card: #fff; --line: #e3e0e8; --edge: #8d8999; --text: #1d1b26; --soft: #5a5667;
  --strong: #1d1b26; --on-strong: #fff; --strong-hover: #3a3650; --hover: #f4f3f6; --focus: #4a4fd0;
  --done: #0b6b43; --waiting: #8a4b00; --problem: #b42318;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131219; --card: #1d1b25; --line: #37343f; --edge: #76718a; --text: #f3f1f7; --soft: #b3aebf;
    --strong: #f3f1f7; --on-strong: #1d1b26; --strong-hover: #d6d1e0; --hover: #2a2733; --focus: #a9b0ff;
    --done: #57d49b; --waiting: #f5b95b; --problem: #ff938a;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  min-height: 100vh; min-height: 100svh; padding: 2rem 1rem; background: var(--page); color: var(--text);
  display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 1.5rem;
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere; -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
header, main, footer { width: 100%; max-width: 35rem; }
header { display: flex; align-items: center; gap: .625rem; font-weight: 600; letter-spacing: -.005em; }
.logo { flex: none; display: block; }
main {
  padding: 2.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
  box-shadow: 0 1px 2px rgb(29 27 38 / .04), 0 12px 32px rgb(29 27 38 / .06);
}
.status { display: flex; align-items: center; gap: .5rem; font-size: .9375rem; font-weight: 600; color: var(--soft); }
.status svg {
  flex: none; fill: none; stroke: currentcolor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round;
}
.done { color: var(--done); }
.waiting { color: var(--waiting); }
.problem { color: var(--problem); }
h1 { margin: .625rem 0 .75rem; font-size: 1.625rem; line-height: 1.25; letter-spacing: -.015em; text-wrap: balance; }
.lead { font-size: 1.0625rem; text-wrap: pretty; }
.small { margin-top: .75rem; font-size: .9375rem; color: var(--soft); }
code { font: .9375em ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", monospace; color: var(--text); }
bdi { font-weight: 600; }
h1 bdi { display: inline-block; font-weight: inherit; }
dl { margin-top: 1.5rem; border-top: 1px solid var(--line); }
dl div { display: grid; grid-template-columns: 7rem 1fr; gap: 0 1rem; padding: .75rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); }
dd { text-wrap: pretty; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.75rem; }
.button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 2.75rem; padding: .5rem 1.125rem;
  border: 1px solid var(--edge); border-radius: .625rem; color: var(--text); font-weight: 600; line-height: 1.3;
  text-align: center; text-decoration: none;
}
.button:hover { background: var(--hover); }
.button:first-child { background: var(--strong); border-color: var(--strong); color: var(--on-strong); }
.button:first-child:hover { background: var(--strong-hover); border-color: var(--strong-hover); }
.button:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; }
footer { font-size: .875rem; color: var(--soft); text-wrap: balance; }
footer nav { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin-top: .25rem; }
footer a { color: inherit; padding: .25rem 0; }
main a:not(.button) { color: inherit; text-underline-offset: .15em; }
main a:not(.button):focus-visible, footer a:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: .125rem; }
h2 { margin: 1.75rem 0 .375rem; font-size: 1.0625rem; line-height: 1.35; }
.copy {
  margin-top: .75rem; padding: .75rem .875rem; border: 1px solid var(--edge); border-radius: .5rem; user-select: all;
  -webkit-user-select: all; font: .8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", monospace;
}
.site main, .site header, .site footer { max-width: 44rem; }
.site h2 { margin: 2rem 0 .5rem; font-size: 1.1875rem; line-height: 1.35; letter-spacing: -.01em; text-wrap: balance; }
.site h3 { margin: 1.5rem 0 0; font-size: 1rem; }
.site h3 + dl { margin-top: .5rem; }
.site h2 + p + p { margin-top: .5rem; }
.site ul, .site ol { padding-left: 1.375rem; }
.site li + li { margin-top: .375rem; }
figure { margin-top: 2rem; }
figcaption { margin-top: .5rem; font-size: .875rem; color: var(--soft); }
.alert {
  padding: .875rem 1.125rem; border: 1px solid var(--line); border-left: 4px solid #f97316; border-radius: .5rem;
  font-size: .9375rem;
}
.drawn { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .625rem; }
.drawn span { padding: .125rem .625rem; border: 1px solid var(--edge); border-radius: .375rem; font-size: .875rem; font-weight: 600; }
@media (max-width: 34rem) {
  body { padding: 1.25rem 1rem; justify-content: flex-start; gap: 1.25rem; }
  main { padding: 1.5rem 1.25rem; }
  h1 { font-size: 1.4375rem; }
  dl div { grid-template-columns: 1fr; }
  .button { width: 100%; }
}
@media (prefers-reduced-motion: no-preference) {
  .button { transition: background-color .12s ease-out, border-color .12s ease-out; }
}
@media print {
  body { display: block; }
  main { margin: 1rem 0; box-shadow: none; }
  .buttons { display: none; }
}
`;

/** https://www.w3.org/TR/CSP3/#grammardef-hash-source */
export const stylesheetHash = `'sha256-${createHash('sha256').update(stylesheet.toString()).digest('base64')}'`;
