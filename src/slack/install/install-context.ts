import type { InstallContext } from '../../channels/install-context.ts';
import { installContextSchema } from '../../channels/install-context.ts';
import { isOnOrigin } from '../../lib/is-on-origin.ts';
import { maxReturnUrlLength, type PerlyToken } from '../../lib/perly-token.ts';
import { clean } from '../../messages/block-kit/clean.ts';

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

const maxNameLength = 200;

export function toAccountName(claim: unknown): string | undefined {
  const name = typeof claim === 'string' ? claim.trim().slice(0, maxNameLength).toWellFormed() : '';
  return clean(name) === '' ? undefined : name;
}

/** The URL is normalised as browsers do it. */
export function toPerlyUrl(claim: unknown, perlyAppUrl: string): string | undefined {
  if (typeof claim !== 'string') return undefined;
  if (!isOnOrigin(claim, [new URL(perlyAppUrl).origin])) return undefined;
  const { href } = new URL(claim);
  return href.length <= maxReturnUrlLength ? href : undefined;
}

export function toMetadata(context: InstallContext): string {
  return JSON.stringify(context);
}

/** Returns `undefined` for an install from the App Directory. */
export function fromMetadata(metadata: string | undefined): InstallContext | undefined {
  return metadata === undefined ? undefined : installContextSchema.parse(JSON.parse(metadata));
}
