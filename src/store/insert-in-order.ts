import {
  type AnyClientBulkWriteModel,
  type Db,
  type Document,
  MongoClientBulkWriteError,
  MongoServerError,
} from 'mongodb';
import { isDuplicateKey } from './bulk.ts';

/**
 * @param groups documents by collection name
 * @returns their number; `undefined` if the engine does not know the command, or refused it, perhaps midway
 */
type OrderedInsert = (groups: Record<string, readonly Document[]>) => Promise<number | undefined>;

/** CommandNotFound and CommandNotSupported of MongoDB before 8.0, and Amazon DocumentDB's code for both. */
const unknownCommandCodes = new Set<unknown>([59, 115, 303]);

/**
 * Inserts the documents of several collections with one command, in order, up to the first that already exists. If it
 * fails otherwise, with the driver's error, any number of them may be inserted.
 * @see https://www.mongodb.com/docs/manual/reference/command/bulkWrite/
 */
export function createOrderedInsert(db: Db): OrderedInsert {
  let isSupported = true;
  return async (groups) => {
    if (!isSupported) return undefined;
    const inserts = toInserts(db, groups);
    try {
      await db.client.bulkWrite(inserts, { ordered: true });
      return inserts.length;
    } catch (error) {
      if (!(error instanceof MongoClientBulkWriteError)) throw error;
      const [failed, ...others] = error.writeErrors;
      const hasOnlyWriteErrors = error.cause === undefined && error.writeConcernErrors.length === 0;
      if (failed !== undefined && others.length === 0 && hasOnlyWriteErrors && isDuplicateKey(failed[1]))
        return failed[0];
      if (!(error.cause instanceof MongoServerError)) throw error;
      // The caller inserts with other commands, which fail as well if the reason is not this command.
      if (unknownCommandCodes.has(error.cause.code)) isSupported = false;
      return undefined;
    }
  };
}

function toInserts(
  { databaseName }: Db,
  groups: Record<string, readonly Document[]>,
): AnyClientBulkWriteModel<Document>[] {
  return Object.entries(groups).flatMap(([collection, documents]) => {
    const namespace = `${databaseName}.${collection}`;
    return documents.map((document) => ({ name: 'insertOne' as const, namespace, document }));
  });
}
