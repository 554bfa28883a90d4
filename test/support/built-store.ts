import { join } from 'node:path';
import { inject } from 'vitest';

type Package = typeof import('../../packages/embedded-mongo/src/embedded-mongo.ts');

/** Built, so that its thread needs no loader and starts in a third of the time. */
export const { startEmbeddedMongo }: Package = await import(
  join(inject('embeddedMongoBuild'), 'embedded-mongo.js')
);
