import { isDocument } from '../values/is-document.ts';

/** Expressions that give another result each time, or that name a field in a way of their own. */
const unsteady = new Set(['$rand', '$sampleRate', '$getField', '$setField', '$unsetField', '$function']);

/**
 * Whether what a pipeline makes of a document may depend on its `_id`, or on chance, or change the `_id`. When in doubt:
 * yes.
 */
export function dependsOnId(stages: readonly unknown[]): boolean {
  return !stages.every(
    (stage) =>
      isDocument(stage) &&
      Object.entries(stage).every(
        ([name, fields]) =>
          (name === '$set' || name === '$addFields') &&
          isDocument(fields) &&
          Object.entries(fields).every(
            ([path, value]) => path !== '_id' && !path.startsWith('_id.') && isSteady(value),
          ),
      ),
  );
}

function isSteady(expression: unknown): boolean {
  if (typeof expression === 'string')
    return expression === '$$NOW' || !(expression.startsWith('$$') || /^\$_id(\.|$)/.test(expression));
  if (Array.isArray(expression)) return expression.every(isSteady);
  if (!isDocument(expression)) return true;
  return Object.entries(expression).every(([name, value]) => !unsteady.has(name) && isSteady(value));
}
