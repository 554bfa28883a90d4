import type { Db } from 'mongodb';
import type { DeliveryDocument } from '../../src/store/deliveries/document.ts';
import { createDeliveryStore, type OnChange } from '../../src/store/deliveries/store.ts';
import { setupDatabase } from './setup-database.ts';

/** Stores of deliveries on a database that is empty before each test. */
export function setupDeliveryStore(onChange?: OnChange) {
  const database = setupDatabase();
  const store = () => createDeliveryStore(database.db, onChange);
  return {
    get db(): Db {
      return database.db;
    },
    store,
    async find(id: string): Promise<DeliveryDocument> {
      const [found] = await store().listByIds([id]);
      if (found === undefined) throw new Error(`no delivery ${id}`);
      return found;
    },
  };
}
