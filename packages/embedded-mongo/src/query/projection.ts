import type { Document } from 'bson';
import { Query } from 'mingo/query';
import { CommandError } from '../command-error.ts';
import { FieldNames } from '../values/field-names.ts';
import { isDocument, setField } from '../values/is-document.ts';
import { retype, toPlain } from '../values/plain-value.ts';
import { sliceFields } from '../values/slice-fields.ts';
import { writeDocument } from '../values/write-document.ts';
import { refusing } from './filter.ts';
import type { Match } from './find-matches.ts';
import { pipelineOptions } from './pipeline-context.ts';

/** The fields of a projection, by name: a leaf, or what is chosen within. */
type Tree = Map<string, Tree | null>;

/** A projection that takes or leaves out fields and computes nothing. */
type Choice = { taking: boolean; tree: Tree };

/**
 * Reads a projection. Fields that are taken or left out are our own business, with every type as it is; what computes
 * something is mingo's.
 *
 * @throws CommandError BadValue for a mixture of taking and leaving out
 */
export function compileProjection(spec: Document): (document: Document) => Document {
  if (Object.keys(spec).length === 0) return (document) => document;
  const choice = readChoice(spec);
  if (choice === undefined) return compileWithMingo(spec);
  const { taking, tree } = choice;
  return taking ? (document) => only(document, tree) : (document) => without(document, tree);
}

/** The same for a document that was found, from bytes to bytes: fields that are chosen whole are not even read. */
export function compileByteProjection(spec: Document): (match: Match) => Uint8Array {
  if (Object.keys(spec).length === 0) return ({ bytes }) => bytes;
  const choice = readChoice(spec);
  if (choice !== undefined && [...choice.tree.values()].every((within) => within === null)) {
    const names = new FieldNames(choice.tree.keys());
    return ({ bytes }) => sliceFields(bytes, names, choice.taking);
  }
  const project = compileProjection(spec);
  return ({ document }) => writeDocument(project(document));
}

function readChoice(spec: Document): Choice | undefined {
  const entries = Object.entries(spec);
  if (entries.some(([path]) => path.endsWith('.$') || path.startsWith('$')))
    throw new CommandError('CommandNotSupported', 'the embedded store does not know positional projections');
  if (!entries.every(([, value]) => isFlag(value))) return undefined;

  const fields = entries.filter(([path]) => path !== '_id');
  const taken = fields.map(([, value]) => isOn(value));
  const withId = spec._id === undefined || isOn(spec._id);
  const taking = taken[0] ?? withId;
  if (taken.some((on) => on !== taking))
    throw new CommandError('BadValue', 'Cannot do exclusion and inclusion in one projection');
  const tree = toTree(fields.map(([path]) => path));
  if (taking === withId) tree.set('_id', null);
  return { taking, tree };
}

const isFlag = (value: unknown) =>
  typeof value === 'boolean' ||
  (!Number.isNaN(Number(value)) && typeof value !== 'string' && !Array.isArray(value) && value !== null);
const isOn = (value: unknown) => value === true || (value !== false && Number(value) !== 0);

function toTree(paths: readonly string[]): Tree {
  const tree: Tree = new Map();
  for (const path of paths) {
    const parts = path.split('.');
    let at = tree;
    parts.forEach((part, index) => {
      const there = at.get(part);
      const isLeaf = index === parts.length - 1;
      if (there === null || (isLeaf && there !== undefined))
        throw new CommandError('BadValue', `Path collision at ${path}`);
      const next: Tree = there ?? new Map();
      at.set(part, isLeaf ? null : next);
      at = next;
    });
  }
  return tree;
}

function only(document: Document, tree: Tree): Document {
  const result = {};
  for (const [name, value] of Object.entries(document)) {
    const within = tree.get(name);
    if (within === null) setField(result, name, value);
    else if (within !== undefined && (isDocument(value) || Array.isArray(value)))
      setField(result, name, onlyWithin(value, within));
  }
  return result;
}

function onlyWithin(value: Document | unknown[], tree: Tree): unknown {
  if (!Array.isArray(value)) return only(value, tree);
  return value.flatMap((item) => (isDocument(item) || Array.isArray(item) ? [onlyWithin(item, tree)] : []));
}

function without(document: Document, tree: Tree): Document {
  const result = {};
  for (const [name, value] of Object.entries(document)) {
    const within = tree.get(name);
    if (within !== null) setField(result, name, within === undefined ? value : withoutWithin(value, within));
  }
  return result;
}

function withoutWithin(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutWithin(item, tree));
  return isDocument(value) ? without(value, tree) : value;
}

function compileWithMingo(spec: Document): (document: Document) => Document {
  const projection = toPlain(spec);
  if (!isDocument(projection)) throw new CommandError('BadValue', 'a projection has to be a document');
  const query = refusing(() => new Query({}, pipelineOptions()));
  return (document) => {
    const [result] = refusing(() => query.find([toPlain(document)], projection).all());
    const typed = retype(result, document);
    return isDocument(typed) ? typed : {};
  };
}
