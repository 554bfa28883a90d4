import { readDocument } from '../../src/bson/read.ts';
import { Catalog } from '../../src/storage/catalog.ts';
import { indexKeys } from '../../src/storage/index-keys.ts';
import { recordIdOf, storeRange } from '../../src/storage/keys.ts';
import { openStorage } from '../../src/storage/storage.ts';

/**
 * Reads a folder that no process has open, entry by entry.
 *
 * @returns what is wrong with it: index entries that are missing or that lead nowhere
 */
export async function checkStorage(folder: string): Promise<string[]> {
  const storage = openStorage(folder);
  const faults: string[] = [];
  for (const { id, indexes } of new Catalog(storage).list()) {
    const documents = Array.from(storage.scan(storeRange(id)), ({ key, value }) => ({
      recordId: recordIdOf(key),
      document: readDocument(value),
    }));
    for (const index of indexes) {
      const wanted = documents.flatMap(({ document, recordId }) =>
        indexKeys(document, index, recordId).map((key) => key.toString('hex')),
      );
      const found = Array.from(storage.scan(storeRange(index.record.id)), ({ key }) => key.toString('hex'));
      const there = new Set(found);
      const expected = new Set(wanted);
      for (const key of wanted) if (!there.has(key)) faults.push(`${index.record.name} lacks ${key}`);
      for (const key of found) if (!expected.has(key)) faults.push(`${index.record.name} has a stray ${key}`);
    }
  }
  await storage.close();
  return faults;
}
