import { ByteWriter } from '../bson/byte-writer.ts';
import type { KeyValue } from '../bson/key.ts';
import { keyValues } from '../bson/paths.ts';
import type { Document } from '../bson/value.ts';
import { CommandError, unsupported } from '../command-error.ts';
import { writeKey } from '../query/sort-order.ts';
import type { IndexDefinition } from './index-definition.ts';

/** With the index's number and the record's, a key keeps within lmdb's limit of 1978. */
export const maxKeyBytes = 1950;

const writer = new ByteWriter();

/**
 * One for each element of an array, each once; none when a partial index leaves the document out. The record's id is at
 * the end unless the index is unique.
 *
 * @throws CommandError CannotIndexParallelArrays, CannotBuildIndexKeys
 */
export function indexKeys(document: Document, index: IndexDefinition, recordId: number): Buffer[] {
  if (index.partial !== undefined && !index.partial.test(document)) return [];
  const keys = indexTuples(document, index).map((values) => indexKey(values, index, recordId));
  if (keys.length === 1) return keys;
  return [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()];
}

function indexTuples(document: Document, { record, fields }: IndexDefinition): KeyValue[][] {
  const [first = [], ...others] = fields.map(({ parts }) => keyValues(document, parts));
  if (others.length === 0 && first.length > 0) return first.map((value) => [value]);
  if ([first, ...others].some((values) => values.length > 1))
    throw unsupported(`arrays in an index of several fields: ${record.name}`, 'CannotIndexParallelArrays');
  return [[first[0], ...others.map(([value]) => value)]];
}

function indexKey(
  values: readonly KeyValue[],
  { record, fields }: IndexDefinition,
  recordId: number,
): Buffer {
  writer.length = 0;
  writer.uint32(record.id);
  writeKey(writer, fields, (_, at) => values[at]);
  if (writer.length > maxKeyBytes)
    throw new CommandError(
      'CannotBuildIndexKeys',
      `embedded-mongo indexes values of up to ${maxKeyBytes} bytes: ${record.name} would get ${writer.length}`,
    );
  if (!record.unique) writer.uint48(recordId);
  return writer.copy();
}
