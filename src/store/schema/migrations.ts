import type { Migration } from './migration.ts';
import { toVersion2 } from './to-version-2.ts';

/** Every step, the oldest first. A database that says nothing of its version has version 1. */
export const migrations: readonly Migration[] = [toVersion2];
