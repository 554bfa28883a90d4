import type { oas31 } from 'zod-openapi';
import { type Html, html } from '../../html.ts';
import type { ApiDocument } from '../api/openapi.ts';
import { docsStylesheet } from './docs-stylesheet.ts';
import { renderFields, renderType, type Schema, withCode } from './render-schema.ts';

const methods = ['get', 'put', 'post', 'delete'] as const;

type Route = { method: (typeof methods)[number]; path: string; operation: oas31.OperationObject };

/** The API's description as a page to read: no script, nothing loaded from elsewhere. */
export function renderDocs(document: ApiDocument): string {
  const { security = [] } = document;
  const routes = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    toRoutes(path, item, security),
  );
  const told = Object.entries(document.webhooks ?? {}).flatMap(([path, item]) =>
    toRoutes(path, item, security),
  );
  const groups = (document.tags ?? []).map(({ name }) => ({
    name,
    routes: [...routes, ...told].filter(({ operation }) => operation.tags?.includes(name)),
  }));
  const { title, description = '' } = document.info;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>${title}: the API</title>
<style>${docsStylesheet}</style>
</head>
<body>
<header><h1>${title}: the API</h1>
<p>${withCode(description)}</p>
<p>The same as <a href="openapi.json">OpenAPI 3.1</a>. Base address: <code>${document.servers?.[0]?.url}</code></p></header>
<nav aria-label="Contents">${groups.map(({ name, routes: each }) => html`<p><b>${name}</b></p><ul>${each.map(renderEntry)}</ul>`)}</nav>
<main>${groups.map(({ name, routes: each }) => html`<h2>${name}</h2>${each.map(renderRoute)}`)}
<h2>Authentication</h2>${Object.entries(document.components?.securitySchemes ?? {}).map(renderSecurity)}
<h2>Schemas</h2>${Object.entries(document.components?.schemas ?? {}).map(renderComponent)}</main>
</body>
</html>
`.toString();
}

/** @param security what an operation takes that says nothing of it */
function toRoutes(
  path: string,
  item: oas31.PathItemObject | oas31.ReferenceObject,
  security: oas31.SecurityRequirementObject[],
): Route[] {
  if ('$ref' in item) return [];
  return methods.flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [{ method, path, operation: { security, ...operation } }];
  });
}

function renderEntry({ operation }: Route): Html {
  return html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`;
}

function renderRoute({ method, path, operation }: Route): Html {
  const { operationId, summary, description, parameters = [], requestBody, responses = {} } = operation;
  const { security = [] } = operation;
  return html`<section id="${operationId}">
<h3>${summary}</h3>
<code class="route"><b class="${method}">${method.toUpperCase()}</b>${path}</code>
${description === undefined ? undefined : html`<p>${withCode(description)}</p>`}
${renderAuthentication(security)}
${parameters.length === 0 ? undefined : html`<h4>Parameters</h4><table><tbody>${parameters.map(renderParameter)}</tbody></table>`}
${requestBody === undefined ? undefined : html`<h4>Body</h4>${renderContent(requestBody)}`}
<h4>Answers</h4><table><tbody>${Object.entries(responses).map(renderAnswer)}</tbody></table>
</section>`;
}

function renderParameter(parameter: oas31.ParameterObject | oas31.ReferenceObject): Html | undefined {
  if ('$ref' in parameter) return undefined;
  const { name, in: place, required, schema = {}, description = schema.description } = parameter;
  return html`<tr><th scope="row"><code>${name}</code> <small>${place}${required ? '' : ', optional'}</small></th>
<td>${renderType(schema)}${description === undefined ? undefined : html`<p>${withCode(description)}</p>`}</td></tr>`;
}

function renderAnswer([status, answer]: [string, oas31.ResponseObject | oas31.ReferenceObject]):
  | Html
  | undefined {
  if ('$ref' in answer) return undefined;
  return html`<tr><th scope="row">${status}</th><td>${withCode(answer.description)}${Number(status) < 400 ? renderContent(answer) : undefined}</td></tr>`;
}

function renderContent(
  given: oas31.RequestBodyObject | oas31.ResponseObject | oas31.ReferenceObject,
): Html | undefined {
  if ('$ref' in given) return undefined;
  const content = given.content?.['application/json'];
  if (content?.schema === undefined) return undefined;
  return html`<p>${renderType(content.schema)}</p>${renderFields(content.schema)}${examplesOf(content).map(
    (example) => html`<pre tabindex="0">${JSON.stringify(example, undefined, 2)}</pre>`,
  )}`;
}

function examplesOf({ examples = {}, schema = {} }: oas31.MediaTypeObject): unknown[] {
  const named = Object.values(examples).map((example) => ('value' in example ? example.value : undefined));
  const own: unknown = 'examples' in schema ? schema.examples : undefined;
  return [...named, ...(Array.isArray(own) ? own : [])];
}

/** Which token or signature a route takes; any one of them. */
function renderAuthentication(security: oas31.SecurityRequirementObject[]): Html {
  const names = security.flatMap((requirement) => Object.keys(requirement));
  const isOptional = security.some((requirement) => Object.keys(requirement).length === 0);
  return html`<p>Authentication: ${names.map((name) => html`<a href="#security-${name}">${name}</a>`)}${isOptional ? ', optional' : ''}</p>`;
}

function renderSecurity([name, scheme]: [string, oas31.SecuritySchemeObject | oas31.ReferenceObject]): Html {
  return html`<section id="security-${name}"><h3>${name}</h3><p>${withCode(scheme.description ?? '')}</p></section>`;
}

function renderComponent([name, schema]: [string, Schema]): Html {
  return html`<section id="schema-${name}"><h3>${name}</h3>${renderFields(schema) ?? html`<p>${renderType(schema)}</p>`}</section>`;
}
