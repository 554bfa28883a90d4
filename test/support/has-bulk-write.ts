import { MongoClient } from 'mongodb';

/** Whether the database of the tests has a bulk write across collections: MongoDB since 8.0, and the embedded one. */
export const hasBulkWrite = await readHasBulkWrite();

async function readHasBulkWrite(): Promise<boolean> {
  if (process.env.MONGODB_URI === undefined) return true;
  const client = await MongoClient.connect(process.env.MONGODB_URI);
  try {
    const { versionArray } = await client.db('admin').command({ buildInfo: 1 });
    return versionArray[0] >= 8;
  } finally {
    await client.close();
  }
}
