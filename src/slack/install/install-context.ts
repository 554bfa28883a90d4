import { z } from 'zod';
import { isOnOrigin } from '../../is-on-origin.ts';
import type { PerlyToken } from '../../perly/token.ts';
import { clean } from '../messages/clean.ts';
import { slackLinkSchema } from './slack-links.ts';

/**
 * Who sent the browser through OAuth, Perly or a link in Slack; it travels in the signed state, which its user can
 * read.
 */
const installContextSchema = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('perly'),
    accountId: z.string(),
    /** As Perly calls it. */
    accountName: z.string().optional(),
    /** Which token it was: one of them connects one channel. */
    tokenId: z.string(),
    /** When it was signed. Milliseconds since 1970. */
    tokenIssuedAt: z.number(),
    /** Where Perly wants the browser back, on Perly's origin. */
    returnUrl: z.string().optional(),
  }),
  z.object({ from: z.literal('slack'), link: slackLinkSchema }),
]);

export type InstallContext = z.infer<typeof installContextSchema>;

/** The context of an install from Perly; a `return_url` that is not on Perly's origin is left out. */
export function fromToken(
  { accountId, id, issuedAt, claims }: PerlyToken,
  perlyAppUrl: string,
): InstallContext {
  const returnUrl = toPerlyUrl(claims.return_url, perlyAppUrl);
  const accountName = toAccountName(claims.name);
  return {
    from: 'perly',
    accountId,
    tokenId: id,
    tokenIssuedAt: issuedAt.getTime(),
    ...(accountName !== undefined && { accountName }),
    ...(returnUrl !== undefined && { returnUrl }),
  };
}

/** The longest name of an account that is kept, in UTF-16 code units. */
const longestName = 200;

/** The claim `name`, if it is one and shows anything. */
export function toAccountName(claim: unknown): string | undefined {
  const name = typeof claim === 'string' ? claim.trim().slice(0, longestName).toWellFormed() : '';
  return clean(name) === '' ? undefined : name;
}

/** A claim, if it is an address on Perly's origin, without user info; as a browser reads it. */
export function toPerlyUrl(claim: unknown, perlyAppUrl: string): string | undefined {
  if (typeof claim !== 'string') return undefined;
  return isOnOrigin(claim, [new URL(perlyAppUrl).origin]) ? new URL(claim).href : undefined;
}

/** As OAuth's `metadata` carries it. */
export function toMetadata(context: InstallContext): string {
  return JSON.stringify(context);
}

/** Reads what `toMetadata` wrote; `undefined` for an install from the App Directory. */
export function fromMetadata(metadata: string | undefined): InstallContext | undefined {
  return metadata === undefined ? undefined : installContextSchema.parse(JSON.parse(metadata));
}
