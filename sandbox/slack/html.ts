const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

export function unescapeHtml(html: string): string {
  return html.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (entity) => Object.keys(entities).find((character) => entities[character] === entity) ?? entity,
  );
}

const style = `
:root { color-scheme: light dark; --page: #f4f4f5; --card: #fff; --ink: #1d1c1d; --soft: #5c5a5d; --line: #d6d4d8;
  --go: #007a5a; --go-ink: #fff; --focus: #1264a3; }
@media (prefers-color-scheme: dark) { :root { --page: #151618; --card: #1f2124; --ink: #ececed; --soft: #abacae;
  --line: #44474b; --go: #1f9d77; --go-ink: #06120d; --focus: #6cb5ee; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--page);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 520px; padding: 32px; border: 1px solid var(--line); border-radius: 12px;
  background: var(--card); }
h1 { margin: 0 0 8px; font-size: 1.4rem; line-height: 1.3; }
h2 { margin: 32px 0 8px; font-size: 1.15rem; }
h3 { margin: 24px 0 4px; font-size: 1rem; }
p { margin: 0 0 16px; color: var(--soft); }
form p { margin-bottom: 4px; }
code { font-size: .95em; }
label { display: block; margin: 16px 0 4px; font-weight: 600; }
fieldset { margin: 16px 0; padding: 4px 16px 16px; border: 1px solid var(--line); border-radius: 8px; }
legend { padding: 0 4px; font-weight: 600; }
fieldset label { display: inline-block; margin: 8px 16px 0 0; font-weight: 400; }
input:not([type]), input[type='number'] { width: 10em; padding: 6px 10px; border: 1px solid var(--line);
  border-radius: 8px; background: var(--card); color: var(--ink); font: inherit; }
li form { display: inline-block; margin-left: 8px; }
select { width: 100%; padding: 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--card);
  color: var(--ink); font: inherit; }
.who { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; padding-bottom: 16px; margin-bottom: 8px;
  border-bottom: 1px solid var(--line); }
.who div { flex: 1 1 160px; } .who label { margin-top: 0; font-size: .85rem; }
ul { margin: 0 0 16px; padding-left: 20px; }
.answers { display: flex; justify-content: flex-end; gap: 12px; margin-top: 24px; }
button { padding: 10px 20px; border: 1px solid var(--line); border-radius: 8px; background: none; color: inherit;
  font: inherit; font-weight: 600; cursor: pointer; }
button.go { border-color: var(--go); background: var(--go); color: var(--go-ink); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
`;

export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
