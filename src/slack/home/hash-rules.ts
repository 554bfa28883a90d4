import { hash } from 'node:crypto';
import { type Rules, rulesSchema } from '../../domain/rules.ts';

/** Tells rules apart, however their fields are ordered; short enough for a view's metadata. */
export function hashRules(rules: Rules): string {
  return hash('sha256', JSON.stringify(rulesSchema.parse(rules)), 'base64url');
}
