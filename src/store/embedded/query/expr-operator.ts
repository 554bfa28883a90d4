import type { Document } from 'bson';
import { evalExpr } from 'mingo/core';
import type { Any, Options } from 'mingo/types';
import { toPlain } from '../values/plain-value.ts';
import type { Predicate } from './comparison-operators.ts';
import { isTrue } from './element-operators.ts';

/** `$expr`: mingo reckons with plain numbers, so the document is given to it as such. */
export function $expr(_path: string, expression: Any, options: Options): Predicate {
  const plain = toPlain(expression);
  return (document: Document) => isTrue(evalExpr(toPlain(document), plain, options));
}
