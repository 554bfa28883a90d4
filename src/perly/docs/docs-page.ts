import { createHash } from 'node:crypto';
import { html } from '../../lib/html.ts';

const stylesheet = html`
body { margin: 0; overflow-wrap: anywhere; }
.swagger-ui * { transition: none !important; }
.swagger-ui :is(.scheme-container, .title small.version-stamp, .authorization__btn, .response-col_links) { display: none; }
.swagger-ui .info .title small { background: #5a5667; }
.swagger-ui .opblock.opblock-post .opblock-summary-method { background: #0b6b43; }
.swagger-ui .opblock.opblock-get .opblock-summary-method { background: #1d5fb8; }
.swagger-ui .opblock.opblock-put .opblock-summary-method { background: #8a4b00; }
.swagger-ui .opblock.opblock-delete .opblock-summary-method { background: #b42318; }
html:not(.dark-mode) .swagger-ui :is(
  a, code, .parameter__in, .header-example, .json-schema-2020-12-expand-deep-button, .opblock-summary-description
) { color: #3b4151; }
html.dark-mode .swagger-ui .opblock.opblock-put .opblock-section-header { background: #3a2a22; }
html.dark-mode .swagger-ui :is(.examples-select__section-label, .header-col) { color: #e4e6e6; }
.swagger-ui .highlight-code .example { white-space: pre-wrap; overflow: visible; }
.swagger-ui pre.body-param__example { max-height: none !important; overflow: visible !important; }
`.toString();

const script = `
const dark = matchMedia('(prefers-color-scheme: dark)');
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followScheme);
followScheme();
// A select that has no label cannot be understood without seeing it.
const labelExamples = () => ({
  wrapComponents: {
    ExamplesSelect: (Original, { React }) => (props) =>
      React.createElement('label', null, React.createElement(Original, props)),
  },
});
SwaggerUIBundle({
  url: '/perly/openapi.json',
  dom_id: '#docs',
  supportedSubmitMethods: [],
  syntaxHighlight: { activated: false },
  plugins: [labelExamples],
  validatorUrl: null,
});
`;

export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>Perly for Slack: the API</title>
<link rel="icon" href="data:,"/>
<link rel="stylesheet" href="/perly/docs/swagger-ui.css"/>
<style>${stylesheet}</style>
</head>
<body>
<main id="docs"></main>
<script src="/perly/docs/swagger-ui-bundle.js"></script>
<script>${script}</script>
</body>
</html>
`;

/** Allows only scripts and styles of the page itself. */
export const docsPolicy = [
  "default-src 'none'",
  `script-src 'self' ${hashOf(script)}`,
  `style-src 'self' ${hashOf(stylesheet)}`,
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
