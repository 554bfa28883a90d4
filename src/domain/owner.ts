import { z } from 'zod';
import { findIdentifierFault } from '../lib/identifier.ts';

/** Counted in UTF-16 units: it has to fit in the value of an option in Slack's menus. */
const maxOwnerIdLength = 75;

function findOwnerIdFault(value: string): string | undefined {
  if (value.length > maxOwnerIdLength) return `must be at most ${maxOwnerIdLength} characters`;
  return findIdentifierFault(value);
}

export const ownerIdSchema = z
  .string()
  .refine((value) => findOwnerIdFault(value) === undefined, {
    error: ({ input }) => findOwnerIdFault(String(input)),
  })
  .meta({ minLength: 1, maxLength: maxOwnerIdLength });

export type Owner = { id: string; name: string };
