import { expectDocument } from '../bson/expect-type.ts';
import type { Document, Value } from '../bson/value.ts';
import { CommandError, unsupported } from '../command-error.ts';
import { documentStages, readStage } from '../pipeline/stages.ts';
import { hasOperators } from '../query/operators.ts';
import { updateOperators } from './operators.ts';
import { changeAt } from './set-at.ts';

export type Updater = {
  isReplacement: boolean;
  /** @param inserting whether `$setOnInsert` applies */
  apply(document: Document, context: { inserting: boolean; now: Date }): Document;
};

/** Accepts operators, a replacement, or a pipeline. @throws CommandError that names what is unsupported */
export function parseUpdate(update: Value | undefined): Updater {
  if (Array.isArray(update)) return pipelineUpdater(update);
  const document = expectDocument(update, 'an update');
  return hasOperators(document) ? operatorUpdater(document) : replacementUpdater(document);
}

function operatorUpdater(update: Document): Updater {
  const steps = [...update].flatMap(([operator, fields]) => {
    const read = updateOperators[operator];
    if (read === undefined) throw unsupported(`the update operator ${operator}`, 'FailedToParse');
    return Array.from(expectDocument(fields, operator), ([path, operand]) => {
      assertPath(path);
      return { path, onInsert: operator === '$setOnInsert', change: read(operand, path) };
    });
  });
  steps.sort((a, b) => comparePaths(a.path, b.path));
  assertNoConflict(steps.map(({ path }) => path));
  return {
    isReplacement: false,
    apply: (document, { inserting }) =>
      steps.reduce(
        (result, { path, onInsert, change }) =>
          onInsert && !inserting ? result : changeAt(result, path, change),
        document,
      ),
  };
}

function assertPath(path: string): void {
  if (path.split('.').some((part) => part.startsWith('$')))
    throw unsupported(`the path '${path}' in an update`);
}

/** Sorts by name, numbers first and by value, as MongoDB does since version 5. */
function comparePaths(a: string, b: string): number {
  const [x, y] = [a.split('.'), b.split('.')];
  for (let at = 0; at < Math.min(x.length, y.length); at++) {
    const [p = '', q = ''] = [x[at], y[at]];
    if (p === q) continue;
    const numbers = [p, q].map((part) => (/^\d+$/.test(part) ? Number(part) : Infinity));
    const [m = 0, n = 0] = numbers;
    return m === n ? Buffer.compare(Buffer.from(p), Buffer.from(q)) : m - n;
  }
  return x.length - y.length;
}

/** @param paths sorted, so that a path comes right before those within it */
function assertNoConflict(paths: readonly string[]): void {
  paths.forEach((path, at) => {
    const next = paths[at + 1];
    if (next !== undefined && (next === path || next.startsWith(`${path}.`)))
      throw new CommandError(
        'ConflictingUpdateOperators',
        `Updating the path '${next}' would create a conflict at '${path}'`,
      );
  });
}

function replacementUpdater(replacement: Document): Updater {
  const dollar = [...replacement.keys()].find((name) => name.startsWith('$'));
  if (dollar !== undefined)
    throw new CommandError(
      'DollarPrefixedFieldName',
      `The dollar prefixed field '${dollar}' is not allowed in a replacement`,
    );
  return {
    isReplacement: true,
    apply(document) {
      const id = document.get('_id');
      if (id === undefined) return new Map(replacement);
      return new Map([['_id', replacement.get('_id') ?? id], ...replacement]);
    },
  };
}

function pipelineUpdater(pipeline: readonly Value[]): Updater {
  const changes = pipeline.map((stage) => {
    const [name, spec] = readStage(stage);
    const compile = documentStages[name];
    if (compile === undefined) throw unsupported(`${name} within an update`, 'InvalidOptions');
    return compile(spec);
  });
  return {
    isReplacement: false,
    apply: (document, { now }) => changes.reduce((root, change) => change(root, { root, now }), document),
  };
}
