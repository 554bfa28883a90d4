import type { oas31 } from 'zod-openapi';
import { type Html, html } from '../../html.ts';

export type Schema = oas31.SchemaObject | oas31.ReferenceObject;

/** A schema in a line: `string`, `Rules`, `array of Channel`, `"off" or object`. */
export function renderType(schema: Schema): Html {
  if ('$ref' in schema) return renderReference(schema.$ref);
  const ways = schema.anyOf ?? schema.oneOf;
  if (ways !== undefined) return join(ways.map(renderType), ' or ');
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined)
    return join(
      schema.enum.map((value) => html`<code>${String(value)}</code>`),
      ', ',
    );
  const types = [schema.type ?? 'any value'].flat();
  return join(
    types.map((type) =>
      type === 'array' && schema.items !== undefined
        ? html`array of ${renderType(schema.items as Schema)}`
        : html`${type}${toBounds(schema)}`,
    ),
    ' or ',
  );
}

/** The fields of an object, or of the object among several ways; nothing for a schema without any. */
export function renderFields(schema: Schema): Html | undefined {
  if ('$ref' in schema) return undefined;
  const { properties, required = [] } = schema;
  if (properties === undefined) return undefined;
  const rows = Object.entries(properties).map(
    ([
      name,
      field,
    ]) => html`<tr><th scope="row"><code>${name}</code>${required.includes(name) ? undefined : html` <small>optional</small>`}</th>
<td>${renderType(field)}${toDescription(field)}${objectsOf(field).map(renderFields)}</td></tr>`,
  );
  return html`<table><tbody>${rows}</tbody></table>`;
}

/** The objects that stand inside a schema, unnamed: their fields are shown where they are. */
function objectsOf(schema: Schema): Schema[] {
  if ('$ref' in schema) return [];
  if (schema.properties !== undefined) return [schema];
  const inside = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (schema.items !== undefined) inside.push(schema.items as Schema);
  return inside.flatMap(objectsOf);
}

function renderReference(reference: string): Html {
  const name = reference.split('/').at(-1) ?? '';
  return html`<a href="#schema-${name}">${name}</a>`;
}

function toDescription(schema: Schema): Html | undefined {
  return schema.description === undefined ? undefined : html`<p>${withCode(schema.description)}</p>`;
}

function toBounds(schema: oas31.SchemaObject): string {
  const { minLength, maxLength, minimum, maximum, format } = schema;
  const range = (from: number | undefined, to: number | undefined) =>
    from === undefined && to === undefined ? undefined : `${from ?? '…'}–${to ?? '…'}`;
  // What a JSON number can hold is no bound of ours.
  const isWide = maximum === Number.MAX_SAFE_INTEGER;
  const said = [range(minLength, maxLength), isWide ? undefined : range(minimum, maximum), format];
  const bounds = said.filter((each) => each !== undefined).join(', ');
  return bounds === '' ? '' : ` (${bounds})`;
}

/** Text in which what stands between backticks is code. */
export function withCode(text: string): Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

function join(parts: readonly Html[], between: string): Html {
  return html`${parts.map((part, index) => [index === 0 ? undefined : between, part])}`;
}
