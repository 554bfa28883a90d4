import { evalExpr } from 'mingo/core';
import type { Any, Options } from 'mingo/types';
import { toPlain } from '../values/plain-value.ts';
import type { Predicate } from './comparison-operators.ts';
import { isTrue } from './element-operators.ts';
import { pipelineOptions } from './pipeline-context.ts';

/** `$expr`: mingo reckons with plain numbers, so the document is given to it as such. */
export function $expr(_path: string, expression: Any, { variables }: Options): Predicate {
  const plain = toPlain(expression);
  const options = { ...pipelineOptions(), ...(variables && { variables }) };
  return (document) => isTrue(evalExpr(toPlain(document), plain, options));
}
