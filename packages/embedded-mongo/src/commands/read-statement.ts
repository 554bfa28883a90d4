import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { setField } from '../values/is-document.ts';
import { bsonTypes, eachField } from '../values/raw-document.ts';
import { readValue } from '../values/read-fields.ts';
import { toBuffer } from '../values/to-buffer.ts';
import { assertCollation, documentField } from './command.ts';

/**
 * @param known the fields that a statement may have
 * @returns a reader for the statements of one update or delete; a pipeline that is byte for byte that of the statement
 * before is the same array, so that what a thousand statements share is read once
 */
export function createStatementReader(known: ReadonlySet<string>): (item: unknown) => Document {
  let pipeline: { bytes: Buffer; value: unknown } | undefined;

  /** @throws CommandError UnknownField */
  return (item) => {
    const statement = item instanceof Uint8Array ? read(toBuffer(item)) : documentField(item, 'statement');
    for (const field of Object.keys(statement))
      if (!known.has(field))
        throw new CommandError('UnknownField', `BSON field 'statement.${field}' is an unknown field.`);
    assertCollation(statement.collation);
    return statement;
  };

  function read(bytes: Buffer): Document {
    const statement = {};
    eachField(bytes, (start, nameEnd, end) => {
      const name = bytes.toString('utf8', start + 1, nameEnd);
      const isPipeline = name === 'u' && bytes[start] === bsonTypes.array;
      setField(
        statement,
        name,
        isPipeline ? readPipeline(bytes, start, end) : readValue(bytes, start, nameEnd + 1, end),
      );
    });
    return statement;
  }

  function readPipeline(statement: Buffer, start: number, end: number): unknown {
    const bytes = statement.subarray(start, end);
    if (pipeline?.bytes.equals(bytes) !== true)
      pipeline = { bytes, value: readValue(bytes, 0, 'u'.length + 2, bytes.length) };
    return pipeline.value;
  }
}
