import { expectDocument, expectText } from '../bson/expect-type.ts';
import { type Document, isDocument, isNumeric, type Value } from '../bson/value.ts';
import { badValue, unsupported } from '../command-error.ts';
import { compileExpression, type Expression, type Scope } from '../pipeline/expression.ts';
import { isTrue } from './operators.ts';

/** Chosen fields by name: kept or left out as a whole, computed, or chosen within. */
type Node = Map<string, 'chosen' | { compute: Expression } | Node>;

/** A projection reads a document and what expressions may ask for. */
export type Projection = (document: Document, scope: Scope) => Document;

const isFlag = (value: Value) => typeof value === 'boolean' || isNumeric(value);

/** Compiles a projection. @throws CommandError BadValue */
export function compileProjection(spec: Document): Projection {
  if (spec.size === 0) return (document) => document;
  const leaves = flatten(spec);
  const others = leaves.filter(({ path }) => path !== '_id');
  const flags = (others.length > 0 ? others : leaves).filter(({ value }) => isFlag(value));
  const computes = leaves.some(({ value }) => !isFlag(value));
  const includes = computes || flags.some(({ value }) => isTrue(value));
  if (flags.some(({ value, path }) => isTrue(value) !== includes && path !== '_id'))
    throw badValue('Cannot mix inclusion and exclusion in one projection');
  const id = spec.get('_id');
  const node: Node = new Map();
  for (const { path, value } of others)
    addLeaf(node, path, isFlag(value) ? 'chosen' : { compute: compileExpression(value) });
  if (id !== undefined && !isFlag(id)) node.set('_id', { compute: compileExpression(id) });
  else if (id === undefined || isDocument(id) ? includes : isTrue(id) === includes) node.set('_id', 'chosen');
  return includes
    ? (document, scope) => compute(node, include(node, document), scope)
    : (document) => exclude(node, document);
}

/** The stage `$set`: every field is computed. */
export function compileAdditions(spec: Value): Projection {
  const node: Node = new Map();
  for (const { path, value } of flatten(expectDocument(spec, '$set')))
    addLeaf(node, path, { compute: compileExpression(value) });
  return (document, scope) => compute(node, document, scope);
}

/** The stage `$unset`. */
export function compileRemovals(spec: Value): Projection {
  const paths = Array.isArray(spec) ? spec : [spec];
  if (paths.length === 0) throw badValue('$unset needs a path');
  const node: Node = new Map();
  for (const path of paths) addLeaf(node, expectText(path, 'a path of $unset'), 'chosen');
  return (document) => exclude(node, document);
}

type Leaf = { path: string; value: Value };

/** `{ a: { b: 1 } }` is `{ 'a.b': 1 }`. */
function flatten(spec: Document, prefix = ''): Leaf[] {
  return [...spec].flatMap(([name, value]): Leaf[] => {
    const path = `${prefix}${name}`;
    const isExpression = !isDocument(value) || [...value.keys()].some((key) => key.startsWith('$'));
    if (isExpression) return [{ path, value }];
    if (value.size === 0) throw badValue('An empty sub-projection is not a valid value');
    return flatten(value, `${path}.`);
  });
}

function addLeaf(node: Node, path: string, leaf: 'chosen' | { compute: Expression }): void {
  let at = node;
  const parts = path.split('.');
  if (parts.some((part) => part === '' || part.startsWith('$')))
    throw unsupported(`the path '${path}' in a projection`);
  parts.forEach((part, index) => {
    const there = at.get(part);
    const isLast = index === parts.length - 1;
    if (there !== undefined && (isLast || !(there instanceof Map)))
      throw badValue(`Path collision at ${path}`);
    const next: Node = there instanceof Map ? there : new Map();
    at.set(part, isLast ? leaf : next);
    at = next;
  });
}

function include(node: Node, document: Document): Document {
  const result: Document = new Map();
  for (const [name, value] of document) {
    const chosen = node.get(name);
    if (chosen === 'chosen') result.set(name, value);
    else if (chosen instanceof Map && (isDocument(value) || Array.isArray(value)))
      result.set(name, includeWithin(chosen, value));
  }
  return result;
}

function includeWithin(node: Node, value: Document | Value[]): Value {
  if (isDocument(value)) return include(node, value);
  return value.flatMap((item) => {
    if (isDocument(item) || Array.isArray(item)) return [includeWithin(node, item)];
    // A computed field replaces any other element; otherwise the element is left out.
    return computes(node) ? [null] : [];
  });
}

function exclude(node: Node, document: Document): Document {
  const result: Document = new Map();
  for (const [name, value] of document) {
    const chosen = node.get(name);
    if (chosen !== 'chosen') result.set(name, chosen instanceof Map ? excludeWithin(chosen, value) : value);
  }
  return result;
}

function excludeWithin(node: Node, value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => excludeWithin(node, item));
  return isDocument(value) ? exclude(node, value) : value;
}

/** Sets the computed fields, in each element of arrays on the way; a missing result removes the field. */
function compute(node: Node, document: Document, scope: Scope): Document {
  const result: Document = new Map(document);
  for (const [name, chosen] of node) {
    if (chosen === 'chosen' || (chosen instanceof Map && !computes(chosen))) continue;
    const value =
      chosen instanceof Map ? computeWithin(chosen, result.get(name), scope) : chosen.compute(scope);
    if (value === undefined) result.delete(name);
    else result.set(name, value);
  }
  return result;
}

function computeWithin(node: Node, value: Value | undefined, scope: Scope): Value {
  if (Array.isArray(value)) return value.map((item) => computeWithin(node, item, scope));
  return compute(node, isDocument(value) ? value : new Map(), scope);
}

const computes = (node: Node): boolean =>
  [...node.values()].some((chosen) => chosen !== 'chosen' && (!(chosen instanceof Map) || computes(chosen)));
