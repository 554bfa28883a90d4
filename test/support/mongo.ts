import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';

export async function openTestDatabase() {
  const uri = process.env.MONGODB_URI ?? 'mongodb://127.0.0.1:27017/?directConnection=true';
  const client = await new MongoClient(uri).connect();
  const db = client.db(`test_${randomBytes(6).toString('hex')}`);
  return {
    db,
    client,
    uri,
    async close() {
      await db.dropDatabase();
      await client.close();
    },
  };
}
