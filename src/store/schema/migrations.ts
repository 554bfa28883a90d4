import type { Migration } from './migration.ts';

/** All migrations, the oldest first. A database without a version has version 1. */
export const migrations: readonly Migration[] = [];
