import {
  type AnyClientBulkWriteModel,
  type Db,
  type Document,
  MongoClientBulkWriteError,
  MongoServerError,
} from 'mongodb';
import { isDuplicateKey } from './bulk.ts';

/**
 * @param groups documents by the names of their collections
 * @returns how many were inserted; `undefined` if the engine has no such command, or refused it, perhaps midway
 */
type OrderedInsert = (groups: Record<string, readonly Document[]>) => Promise<number | undefined>;

/** CommandNotFound and CommandNotSupported, which MongoDB before 8.0 answers, and Amazon DocumentDB's word for both. */
const unknownCommand = new Set<unknown>([59, 115, 303]);

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
      const isWhole = error.cause === undefined && error.writeConcernErrors.length === 0;
      if (failed !== undefined && others.length === 0 && isWhole && isDuplicateKey(failed[1]))
        return failed[0];
      if (!(error.cause instanceof MongoServerError)) throw error;
      // Whatever the reason, it is also that of other commands, or there is no such command.
      if (unknownCommand.has(error.cause.code)) isSupported = false;
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
