import {
  type EmbeddedMongo,
  EmbeddedMongoError,
  startEmbeddedMongo,
} from '../../packages/embedded-mongo/src/embedded-mongo.ts';
import { AppError } from '../lib/errors.ts';

/** @throws AppError that says what the operator has to do */
export async function startEmbedded(dataDir: string): Promise<EmbeddedMongo> {
  try {
    return await startEmbeddedMongo({ dataDir });
  } catch (error) {
    if (!(error instanceof EmbeddedMongoError)) throw error;
    throw new AppError(`store_${error.code}`, `${error.message} DATA_DIR sets the folder.`, { cause: error });
  }
}
