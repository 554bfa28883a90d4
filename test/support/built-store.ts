import { join } from 'node:path';
import { inject } from 'vitest';

type StoreModule = typeof import('../../src/store/embedded/embedded-store.ts');

/** The embedded store of the built app, whose thread needs no loader and starts in a third of the time. */
export const { startEmbeddedStore }: StoreModule = await import(
  join(inject('build'), 'store', 'embedded', 'embedded-store.js')
);
